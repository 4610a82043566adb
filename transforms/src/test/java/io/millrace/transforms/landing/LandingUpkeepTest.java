package io.millrace.transforms.landing;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.millrace.schemas.RecordBlock;
import io.millrace.schemas.TimestampKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Fewer files and fewer records, and those that stay are the same. */
@Timeout(120)
class LandingUpkeepTest {
  private static final TestLog LOG = new TestLog(0, 5_000, 3);
  private static final long LARGE = 1 << 30;

  @TempDir Path directory;
  private LandingWriter writer;

  @BeforeEach
  void begin() throws IOException {
    writer =
        new LandingWriter(
            new LandingSettings(
                directory(), 10, 1 << 20, org.joda.time.Duration.standardSeconds(60)));
  }

  @Test
  void filesOfCompleteBlocksBecomeOneOfTenOrAHundred() throws Exception {
    land(7, 1_234);
    LandingUpkeep.of(directory()).compact(LARGE, file -> {});
    assertThat(
        ranges(),
        contains(
            "7-1000",
            "1000-1100",
            "1100-1200",
            "1200-1210",
            "1210-1220",
            "1220-1230",
            "1230-1234"));
    assertSame(7, 1_234);
    land(1_234, 2_000);
    LandingUpkeep.of(directory()).compact(LARGE, file -> {});
    assertThat(ranges(), contains("7-1000", "1000-2000"));
    assertSame(7, 2_000);
  }

  @Test
  void noFileBecomesLargerThanTheTarget() throws Exception {
    land(0, 1_000);
    long all = files().stream().mapToLong(LandedFile::bytes).sum();
    List<LandedFile> made = new ArrayList<>();
    LandingUpkeep.of(directory()).compact(all - 1, made::add);
    assertThat(made, hasSize(10));
    assertThat(files(), is(made));
    for (LandedFile file : made) {
      assertThat(file.bytes(), is(lessThan(all)));
    }
    assertSame(0, 1_000);
    LandingUpkeep.of(directory()).compact(all / 100, file -> {});
    assertThat(files(), is(made));
  }

  @Test
  void whoeverWritesMeanwhileGoesOn() throws Exception {
    land(0, 150);
    long[] next = {150};
    LandingUpkeep.of(directory())
        .compact(
            LARGE,
            file -> {
              try {
                land(next[0], next[0] + 33);
              } catch (IOException e) {
                throw new IllegalStateException(e);
              }
              next[0] += 33;
            });
    assertSame(0, next[0]);
    land(next[0], 400);
    assertSame(0, 400);
  }

  @Test
  void filesWhoseRecordsAreAllOlderGo() throws Exception {
    land(0, 95);
    // As the log stamps them, with up to 25 more.
    List<LandedFile> gone = LandingUpkeep.of(directory()).expire(Instant.ofEpochMilli(1_000_500));
    assertThat(gone.get(0).from(), is(0L));
    long begin = gone.get(gone.size() - 1).to();
    assertThat(Landing.at(directory()).begin(TestLog.TOPIC, 0), is(begin));
    assertThat(Landing.at(directory()).end(TestLog.TOPIC, 0), is(95L));
    for (LandedFile file : gone) {
      assertThat(file.maxTimestamp(), is(lessThan(1_000_500L)));
    }
    assertThat(files().get(0).maxTimestamp(), is(org.hamcrest.Matchers.greaterThan(1_000_499L)));
    assertSame(begin, 95);
    assertThat(LandingUpkeep.of(directory()).expire(Instant.ofEpochMilli(1_000_500)), is(empty()));
  }

  @Test
  void landingGoesOnWhereItWasThoughAllIsGone() throws Exception {
    land(0, 95);
    LandingUpkeep.of(directory()).expire(Instant.now());
    assertThat(files(), is(empty()));
    assertThat(Landing.at(directory()).ends(), is(Map.of(TestLog.TOPIC, Map.of(0, 95L))));
    assertThat(LandingCheck.run(directory(), file -> {}).problems(), is(empty()));
    land(50, 110);
    assertSame(95, 110);
  }

  @Test
  void anOldFileBehindAYoungOneStays() throws Exception {
    writer.write(List.of(stamped(0, 10, 5_000L), stamped(10, 20, 1_000L)));
    assertThat(LandingUpkeep.of(directory()).expire(Instant.ofEpochMilli(3_000)), is(empty()));
    assertThat(files(), hasSize(2));
  }

  @Test
  void filesWithoutTimestampsGoWithOlderOnesBehindThem() throws Exception {
    writer.write(List.of(stamped(0, 10, null), stamped(10, 20, 1_000L), stamped(20, 30, null)));
    assertThat(LandingUpkeep.of(directory()).expire(Instant.ofEpochMilli(3_000)), hasSize(2));
    assertThat(ranges(), contains("20-30"));
  }

  @Test
  void filesThatCountNoLongerAreDeletedOnceNoReaderCanBeAtThem() throws Exception {
    land(0, 5);
    land(5, 10);
    Path attempt = directory.resolve(files().get(0).path()).resolveSibling("attempt.parquet");
    Files.createFile(attempt);
    assertThat("young", LandingUpkeep.of(directory()).clean(Duration.ofHours(1)), is(0));
    FileTime old = FileTime.from(Instant.now().minus(Duration.ofHours(2)));
    for (Path file : dataFiles()) {
      Files.setLastModifiedTime(file, old);
    }
    // The first file is as old, but it counted a moment ago.
    assertThat(LandingUpkeep.of(directory()).clean(Duration.ofHours(1)), is(1));
    assertThat(Files.exists(attempt), is(false));
    assertThat(dataFiles(), hasSize(2));
    assertThat(LandingUpkeep.of(directory()).clean(Duration.ofSeconds(-1)), is(1));
    assertSame(0, 10);
  }

  @Test
  void commitsThatNoReaderNeedsAreDeleted() throws Exception {
    for (int from = 0; from < 300; from++) {
      land(from, from + 1);
    }
    Path folder = directory.resolve(LandingPaths.commits(TestLog.TOPIC, 0));
    LandingUpkeep.of(directory()).clean(Duration.ofHours(1));
    assertThat(count(folder), is(301L));
    LandingUpkeep.of(directory()).clean(Duration.ofSeconds(-1));
    assertThat("from 192 on", count(folder), is(301L - 191));
    assertSame(0, 300);
    land(300, 340);
    assertSame(0, 340);
  }

  @Test
  void whereThereIsNoLandingNothingIsDone() {
    assertThrows(
        LandingException.class, () -> LandingUpkeep.of(directory.resolve("nowhere").toString()));
  }

  private void land(long from, long to) throws IOException {
    writer.write(List.of(LOG.block(from, to)));
  }

  private static RecordBlock stamped(long from, long to, Long millis) {
    RecordBlock.Writer writer = new RecordBlock.Writer(64);
    for (long offset = from; offset < to; offset++) {
      writer.add(
          offset,
          millis == null ? 7 : millis,
          millis == null ? TimestampKind.NONE : TimestampKind.CREATE,
          null,
          null,
          List.of());
    }
    return RecordBlock.of(TestLog.TOPIC, 0, from, to, writer.take());
  }

  private void assertSame(long from, long to) {
    assertThat(TestLog.landed(directory()), is(Map.of(0, LOG.texts(from, to))));
    assertThat(LandingCheck.run(directory(), file -> {}).problems(), is(empty()));
  }

  private List<LandedFile> files() {
    return Landing.at(directory()).files(TestLog.TOPIC, 0);
  }

  private List<String> ranges() {
    return files().stream().map(file -> file.from() + "-" + file.to()).toList();
  }

  private List<Path> dataFiles() throws IOException {
    try (Stream<Path> all = Files.walk(directory.resolve(LandingPaths.DATA))) {
      return all.filter(Files::isRegularFile).toList();
    }
  }

  private static long count(Path folder) throws IOException {
    try (Stream<Path> all = Files.list(folder)) {
      return all.count();
    }
  }

  private String directory() {
    return directory.toString();
  }
}
