package io.millrace.transforms.quality;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.aMapWithSize;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.millrace.schemas.RejectedRecordException.Reason;
import io.millrace.transforms.TestRunner;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollection.IsBounded;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(120)
class MarkDeadLettersTest {
  @TempDir Path directory;

  @ParameterizedTest
  @EnumSource
  void whatTheSinkDidNotRefuseIsDone(TestRunner runner) throws IOException {
    DeadLetter parsed = Letters.record(1, Letters.bytes("{}"));
    DeadLetter broken = Letters.record(2, Letters.bytes("{"));
    DeadLetter written = Letters.change(3);
    DeadLetter refused = Letters.change(4);
    DeadLetter parsedAndRefused = Letters.record(5, Letters.bytes("{}"));
    Map<String, RetryMark> marks =
        run(
            runner,
            List.of(
                attempt(parsed),
                KV.of(
                    LetterId.ofRecord(broken.origin()),
                    attempt(broken).getValue().failed(Reason.MALFORMED, "still")),
                attempt(written),
                attempt(refused),
                attempt(refused),
                attempt(parsedAndRefused)),
            List.of(refused, Letters.change(5)));
    assertThat(marks, aMapWithSize(5));
    assertThat(mark(marks, parsed).done(), is(true));
    assertThat(mark(marks, broken).done(), is(false));
    assertThat(mark(marks, broken).reason(), is(Reason.MALFORMED));
    assertThat(mark(marks, written).done(), is(true));
    assertThat(mark(marks, refused).done(), is(false));
    assertThat(mark(marks, parsedAndRefused).done(), is(false));
    assertThat(mark(marks, parsedAndRefused).reason(), is(Reason.REFUSED));
    assertThat(mark(marks, parsedAndRefused).message(), is("numeric field overflow"));
    assertThat(mark(marks, parsedAndRefused).attempts(), is(1));
  }

  /** Which of the two the refused change came from cannot be told. */
  @Test
  void lettersOfOneRecordStayTogether() throws IOException {
    DeadLetter one = Letters.record(1, Letters.bytes("{}"));
    DeadLetter other = Letters.record(1, Letters.bytes("[]"));
    Map<String, RetryMark> marks =
        run(TestRunner.DIRECT, List.of(attempt(one), attempt(other)), List.of(Letters.change(1)));
    assertThat(mark(marks, one).done(), is(false));
    assertThat(mark(marks, other).done(), is(false));
  }

  @Test
  void anUnboundedInputIsRefused() {
    Pipeline pipeline = TestRunner.DIRECT.pipeline();
    PCollection<KV<String, RetryMark>> attempts =
        attempts(pipeline, List.of()).setIsBoundedInternal(IsBounded.UNBOUNDED);
    assertThrows(
        IllegalArgumentException.class,
        () -> attempts.apply(MarkDeadLetters.in(directory.toString())));
  }

  private Map<String, RetryMark> run(
      TestRunner runner, List<KV<String, RetryMark>> attempts, List<DeadLetter> refused)
      throws IOException {
    Pipeline pipeline = runner.pipeline();
    PCollection<DeadLetter> refusals =
        pipeline.apply("Refused", Create.of(refused).withCoder(DeadLetterCoder.of()));
    attempts(pipeline, attempts)
        .apply("Mark", MarkDeadLetters.in(directory.toString()).refused(refusals));
    pipeline.run().waitUntilFinish();
    return RetryMarks.in(directory.toString()).load();
  }

  private static PCollection<KV<String, RetryMark>> attempts(
      Pipeline pipeline, List<KV<String, RetryMark>> attempts) {
    return pipeline.apply("Attempts", Create.of(attempts).withCoder(RetryMarkCoder.BY_RECORD));
  }

  private static KV<String, RetryMark> attempt(DeadLetter letter) {
    return KV.of(
        LetterId.ofRecord(letter.origin()), RetryMark.of(letter, LetterId.of(letter), null));
  }

  private static RetryMark mark(Map<String, RetryMark> marks, DeadLetter letter) {
    return marks.get(LetterId.of(letter));
  }
}
