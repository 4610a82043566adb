package io.millrace.transforms.quality;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.aMapWithSize;
import static org.hamcrest.Matchers.anEmptyMap;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.millrace.schemas.RejectedRecordException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class RetryMarksTest {
  @TempDir Path directory;

  @BeforeAll
  static void fileSystems() {
    FileSystems.setDefaultPipelineOptions(PipelineOptionsFactory.create());
  }

  @Test
  void marksComeBackAsTheyWere() throws IOException {
    RetryMark done = mark(1, null, true);
    RetryMark failed = mark(2, null, false);
    marks().add(List.of(done, failed));
    assertThat(marks().load(), is(Map.of(done.id(), done, failed.id(), failed)));
  }

  @Test
  void thereIsOneMarkALetterNotOneAnAttempt() throws IOException {
    RetryMark last = null;
    for (int i = 0; i < 5; i++) {
      last = mark(1, last, false);
      marks().add(List.of(last));
    }
    assertThat(files(), hasSize(1));
    assertThat(Files.readAllLines(files().get(0)), hasSize(1));
    assertThat(marks().load().get(last.id()).attempts(), is(5));
  }

  @Test
  void theLatestAttemptCounts() {
    RetryMark done = mark(1, null, true);
    RetryMark later =
        new RetryMark(
            done.id(), done.stage(), null, false, done.reason(), "", 2, done.retriedAtMillis() + 1);
    assertThat(RetryMark.latest(done, later), is(later));
    assertThat(RetryMark.latest(later, done), is(later));
    RetryMark failedToo = done.failed(Reason.REFUSED, "");
    assertThat(RetryMark.latest(failedToo, done), is(done));
    assertThat(RetryMark.latest(done, failedToo), is(done));
  }

  @Test
  void aLetterThatIsRejectedAnewIsOpenAgain() {
    DeadLetter letter = Letters.change(1);
    RetryMark done = mark(1, null, true);
    var marks = Map.of(done.id(), done);
    assertThat(RetryMark.about(letter, marks, done.id()), is(done));
    DeadLetter anew =
        DeadLetter.of(letter.stage(), letter.reason(), letter.message(), letter.change());
    RetryMark earlier =
        new RetryMark(done.id(), done.stage(), null, true, done.reason(), null, 1, 1_000);
    assertThat(RetryMark.about(anew, Map.of(done.id(), earlier), done.id()), is(nullValue()));
  }

  @Test
  void aDamagedMarkIsAsNone() throws IOException {
    marks().add(List.of(mark(1, null, true), mark(2, null, true)));
    Path file = files().get(0);
    String text = Files.readString(file);
    Files.writeString(file, text.substring(0, text.length() - 9));
    assertThat(marks().load(), aMapWithSize(1));
    marks().add(List.of(mark(3, null, true)));
    assertThat(marks().load(), aMapWithSize(2));
  }

  @Test
  void whatARunThatWasKilledLeftHalfWrittenIsNotRead() throws IOException {
    Path folder = Files.createDirectories(directory.resolve("retried"));
    Files.writeString(folder.resolve(".unfinished-1"), mark(1, null, true).toJson());
    assertThat(marks().load(), anEmptyMap());
  }

  @Test
  void aRunThatWasKilledBeforeItRemovedTheOldFileChangesNothing() throws IOException {
    marks().add(List.of(mark(1, null, false), mark(2, null, true)));
    Path old = files().get(0);
    byte[] bytes = Files.readAllBytes(old);
    marks().add(List.of(mark(1, mark(1, null, false), true)));
    var after = marks().load();
    Files.write(old, bytes, StandardOpenOption.CREATE_NEW);
    assertThat(marks().load(), is(after));
  }

  @Test
  void runsThatMarkAtATimeLoseNothing() throws Exception {
    ExecutorService runs = Executors.newFixedThreadPool(4);
    List<Future<?>> all = new ArrayList<>();
    for (int run = 0; run < 4; run++) {
      int from = run * 25;
      all.add(
          runs.submit(
              () -> {
                for (int i = from; i < from + 25; i++) {
                  marks().add(List.of(mark(i, null, true)));
                }
                return null;
              }));
    }
    for (Future<?> run : all) {
      run.get();
    }
    runs.shutdown();
    assertThat(marks().load(), aMapWithSize(100));
  }

  @Test
  void marksBelongToTheirOwnerAlone() throws IOException {
    marks().add(List.of(mark(1, null, true)));
    assertThat(
        PosixFilePermissions.toString(Files.getPosixFilePermissions(files().get(0))),
        is("rw-------"));
    assertThat(
        PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve("retried"))),
        is("rwx------"));
  }

  @Test
  void whatIsNoMarkIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> RetryMark.parse(""));
    assertThrows(IllegalArgumentException.class, () -> RetryMark.parse("{\"id\":\"1\"}"));
  }

  private static RetryMark mark(int letter, RetryMark before, boolean done) {
    DeadLetter sent = Letters.change(letter);
    RetryMark mark = RetryMark.of(sent, LetterId.of(sent), before);
    return done ? mark : mark.failed(Reason.REFUSED, "still \"refused\"\n");
  }

  private RetryMarks marks() {
    return RetryMarks.in(directory.toString());
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> paths = Files.walk(directory)) {
      return paths.filter(Files::isRegularFile).toList();
    }
  }
}
