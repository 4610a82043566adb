package io.millrace.transforms.landing;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.aMapWithSize;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.millrace.schemas.RecordBlock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What counts in the end, whoever lands what again. */
@Timeout(120)
class LandingWriterTest {
  private static final int BLOCK = 100;

  @TempDir Path directory;
  private String landing;

  @BeforeEach
  void nameLanding() {
    landing = directory.resolve("landing").toString();
  }

  /** The law: each offset once, as it was given, and a file never has what another has. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void whateverIsReadAgainByWhomeverInWhateverPartsIsLandedOnce(long seed) throws Exception {
    Random random = new Random(seed);
    TestLog log = new TestLog(3, 1_000, seed);
    long begin = random.nextInt(50);
    List<LandingWriter> writers = new ArrayList<>(List.of(writer(), writer(), writer()));
    writers.get(0).begin(log.block(begin, begin + 1));
    List<RecordBlock> waiting = new ArrayList<>();
    List<RecordBlock> coming = comings(log, begin, random);
    for (RecordBlock block : coming) {
      waiting.add(block);
      if (random.nextInt(4) == 0) {
        int who = random.nextInt(writers.size());
        if (random.nextInt(5) == 0) {
          // As if it had died, between its files and its commit or at any other time.
          leaveDebris(log, random);
          writers.set(who, writer());
        }
        waiting = new ArrayList<>(writers.get(who).write(waiting));
      }
    }
    List<RecordBlock> left = writers.get(0).write(waiting);
    assertThat(left, is(empty()));
    assertThat(TestLog.landed(landing), is(Map.of(3, log.texts(begin, log.end()))));
    assertThat(LandingCheck.run(landing, file -> {}).problems(), is(empty()));
  }

  /** Every part of the log, some of it twice, a little out of order, and nothing left out. */
  private static List<RecordBlock> comings(TestLog log, long begin, Random random) {
    List<RecordBlock> coming = log.blocks(begin, 40, random);
    for (int i = random.nextInt(20); i > 0; i--) {
      long from = random.nextInt((int) log.end() - 1);
      long to = Math.min(log.end(), from + 1 + random.nextInt(300));
      coming.add(random.nextInt(coming.size()), log.block(from, to));
    }
    for (int i = 0; i < 10; i++) {
      int at = random.nextInt(coming.size() - 1);
      Collections.swap(coming, at, at + 1);
    }
    return coming;
  }

  private void leaveDebris(TestLog log, Random random) throws IOException {
    Path file =
        Path.of(landing).resolve(LandingPaths.file(TestLog.TOPIC, 3, random.nextInt(900), 900));
    Files.createDirectories(file.getParent());
    Files.write(file, log.block(0, 10).bytes());
  }

  @Test
  void filesEndWithTheirBlocksAndFewAreShort() throws Exception {
    TestLog log = new TestLog(0, 1_000, 1);
    LandingWriter writer = writer();
    for (long from = 30; from < 995; from += 5) {
      writer.write(List.of(log.block(from, from + 5)));
      assertThat("short ones", files().size() - (int) (from + 5) / BLOCK, is(lessThan(8)));
    }
    assertThat(
        files().stream().limit(9).map(file -> file.from() + "-" + file.to()).toList(),
        contains(
            "30-100", "100-200", "200-300", "300-400", "400-500", "500-600", "600-700", "700-800",
            "800-900"));
    assertThat(TestLog.landed(landing), is(Map.of(0, log.texts(30, 995))));
  }

  @Test
  void whatIsCopiedGrowsWithTheBlockAndNotWithItsSquare() throws Exception {
    TestLog log = new TestLog(0, 99, 1);
    LandingWriter writer = writer();
    long written = 0;
    for (long from = 0; from < 96; from++) {
      writer.write(List.of(log.block(from, from + 1)));
      LandedFile last = files().get(files().size() - 1);
      written += last.records();
    }
    assertThat("of some 84 records", written, is(lessThan(84L * 7)));
  }

  @Test
  void aLargeRunIsOneCommitOfManyFiles() throws Exception {
    TestLog log = new TestLog(0, 1_000, 1);
    writer().write(List.of(log.block(0, 500), log.block(500, 950)));
    assertThat(files(), hasSize(10));
    assertThat(commits(), hasSize(2));
  }

  @Test
  void whatDoesNotFollowIsHandedBack() throws Exception {
    TestLog log = new TestLog(0, 1_000, 1);
    LandingWriter writer = writer();
    writer.begin(log.block(0, 10));
    assertThat(writer.write(List.of(log.block(20, 30))), hasSize(1));
    assertThat(writer.write(List.of(log.block(20, 30), log.block(0, 20))), is(empty()));
    assertThat(Landing.at(landing).end(TestLog.TOPIC, 0), is(30L));
  }

  @Test
  void aWriterThatSleptFindsWhereOthersHaveCome() throws Exception {
    TestLog log = new TestLog(0, 1_000, 1);
    LandingWriter zombie = writer();
    zombie.write(List.of(log.block(0, 50)));
    LandingWriter heir = writer();
    heir.write(List.of(log.block(50, 130)));
    assertThat("does not know", zombie.holds(log.block(50, 100)), is(false));
    zombie.write(List.of(log.block(50, 120)));
    assertThat("knows now", zombie.holds(log.block(50, 120)), is(true));
    zombie.write(List.of(log.block(120, 140)));
    assertThat(TestLog.landed(landing), is(Map.of(0, log.texts(0, 140))));
  }

  @Test
  void ofWritersAtOnceEachGoesOnBehindTheOthers() throws Exception {
    TestLog log = new TestLog(3, 2_000, 11);
    writer().begin(log.block(0, 1));
    ExecutorService threads = Executors.newFixedThreadPool(3);
    try {
      List<Future<?>> ends = new ArrayList<>();
      for (int each = 0; each < 3; each++) {
        Random random = new Random(each);
        ends.add(threads.submit(() -> landAll(log, random)));
      }
      for (Future<?> end : ends) {
        end.get();
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(TestLog.landed(landing), is(Map.of(3, log.texts(0, log.end()))));
    assertThat(LandingCheck.run(landing, file -> {}).problems(), is(empty()));
  }

  private Void landAll(TestLog log, Random random) throws IOException {
    LandingWriter writer = writer();
    for (RecordBlock block : log.blocks(0, 60, random)) {
      assertThat(writer.write(List.of(block)), is(empty()));
    }
    return null;
  }

  @Test
  void landingBeginsWhereReadingDidThoughNothingCame() throws Exception {
    TestLog log = new TestLog(7, 100, 1);
    writer().begin(log.block(40, 50));
    assertThat(Landing.at(landing).ends(), is(Map.of(TestLog.TOPIC, Map.of(7, 40L))));
    writer().begin(log.block(70, 80));
    writer().write(List.of(log.block(10, 60)));
    assertThat(
        "what was before is left out", TestLog.landed(landing).get(7), is(log.texts(40, 60)));
  }

  @Test
  void aWriterThatFailsLeavesNothing() throws Exception {
    TestLog log = new TestLog(0, 1_000, 1);
    LandingWriter writer = writer();
    writer.write(List.of(log.block(0, 50)));
    List<LandedFile> before = files();
    Path damaged = Path.of(Landing.at(landing).locate(before.get(0)));
    byte[] content = Files.readAllBytes(damaged);
    Files.write(damaged, new byte[1]);
    // It has to read the file to make a longer one of it.
    LandingException failure =
        assertThrows(LandingException.class, () -> writer.write(List.of(log.block(50, 300))));
    assertThat(failure.getMessage(), startsWith(damaged + " of the landing has 1 bytes instead"));
    assertThat(dataFiles(), hasSize(1));
    Files.write(damaged, content);
    writer.write(List.of(log.block(50, 300)));
    assertThat(TestLog.landed(landing), is(Map.of(0, log.texts(0, 300))));
  }

  @Test
  void readersBeginWithTheLastCheckpoint() throws Exception {
    TestLog log = new TestLog(0, 1_000, 1);
    LandingWriter writer = writer();
    for (long from = 0; from < 700; from += 5) {
      writer.write(List.of(log.block(from, from + 5)));
    }
    assertThat(commits(), hasSize(141));
    for (int sequence = 1; sequence < 128; sequence++) {
      Files.delete(commit(sequence));
    }
    assertThat(TestLog.landed(landing), is(Map.of(0, log.texts(0, 700))));
    // One that is needed, though.
    Files.delete(commit(130));
    LandingException failure = assertThrows(LandingException.class, () -> Landing.at(landing));
    assertThat(failure.getMessage(), startsWith("The landing lacks the commit " + commit(130)));
  }

  @Test
  void topicsAndPartitionsAreApart() throws Exception {
    LandingWriter writer = writer();
    TestLog log = new TestLog(0, 100, 1);
    TestLog other = new TestLog(1, 100, 2);
    writer.write(List.of(log.block(0, 60)));
    writer.write(List.of(other.block(0, 70)));
    String topic = "../../" + "t".repeat(300);
    RecordBlock hostile = RecordBlock.of(topic, 0, 5, 6, new byte[0]);
    writer.write(List.of(hostile));
    assertThat(TestLog.landed(landing), is(Map.of(0, log.texts(0, 60), 1, other.texts(0, 70))));
    assertThat(Landing.at(landing).topics(), contains(topic, TestLog.TOPIC));
    assertThat(Landing.at(landing).ends(), is(aMapWithSize(2)));
    try (Stream<Path> all = Files.list(directory)) {
      assertThat(all.toList(), contains(Path.of(landing)));
    }
  }

  @Test
  void blocksOfALandingStayAsTheyWereBegun() throws Exception {
    WriteLanding.to(landing).withBlockOffsets(BLOCK).check();
    WriteLanding.to(landing).check();
    LandingException refusal =
        assertThrows(
            LandingException.class, () -> WriteLanding.to(landing).withBlockOffsets(70).check());
    assertThat(
        refusal.getMessage(), startsWith("The landing in " + landing + " has blocks of 100"));
    LandingWriter other =
        new LandingWriter(
            new LandingSettings(landing, 70, 1, org.joda.time.Duration.standardSeconds(1)));
    other.write(List.of(new TestLog(0, 1_000, 1).block(0, 200)));
    assertThat(files(), hasSize(2));
    assertThat(LandingUpkeep.of(landing).clean(Duration.ofDays(-1)), is(0));
  }

  private LandingWriter writer() throws IOException {
    return new LandingWriter(
        new LandingSettings(landing, BLOCK, 1 << 20, org.joda.time.Duration.standardSeconds(60)));
  }

  private List<LandedFile> files() {
    return Landing.at(landing).files(TestLog.TOPIC, 0);
  }

  private Path commit(int sequence) {
    return Path.of(landing)
        .resolve(LandingPaths.commits(TestLog.TOPIC, 0))
        .resolve(String.format("%010d.json", sequence));
  }

  private List<Path> commits() throws IOException {
    return all(Path.of(landing).resolve(LandingPaths.commits(TestLog.TOPIC, 0)));
  }

  private List<Path> dataFiles() throws IOException {
    return all(Path.of(landing).resolve(LandingPaths.DATA));
  }

  private static List<Path> all(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(Files::isRegularFile).toList();
    }
  }
}
