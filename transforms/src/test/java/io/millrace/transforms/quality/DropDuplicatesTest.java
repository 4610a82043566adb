package io.millrace.transforms.quality;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.millrace.transforms.TestRunner;
import java.util.List;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.testing.TestStream;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.windowing.FixedWindows;
import org.apache.beam.sdk.transforms.windowing.Window;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.TimestampedValue;
import org.joda.time.Duration;
import org.joda.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Events are an id and a number; the time is in seconds, and the horizon ten of them. */
class DropDuplicatesTest {
  private static final DropDuplicates.ById<String> DROP =
      DropDuplicates.<String>byId(event -> event.substring(0, 1))
          .within(Duration.standardSeconds(10));

  private static TimestampedValue<String> at(long second, String event) {
    return TimestampedValue.of(event, second(second));
  }

  private static Instant second(long second) {
    return Instant.EPOCH.plus(Duration.standardSeconds(second));
  }

  @ParameterizedTest
  @EnumSource
  void oneOfEventsWithinTheHorizonGoesOn(TestRunner runner) {
    TestPipeline pipeline = runner.pipeline();
    PCollection<String> left =
        pipeline
            .apply(
                Create.timestamped(
                    at(0, "a"), at(10, "a"), at(3, "b"), at(3, "b"), at(0, "c"), at(11, "c")))
            .apply(DROP)
            .distinct();
    PAssert.that(left.apply(Window.into(FixedWindows.of(Duration.standardDays(1)))))
        .containsInAnyOrder("a", "b", "c", "c");
    pipeline.run();
  }

  @ParameterizedTest
  @EnumSource
  void whatIsDroppedIsCounted(TestRunner runner) {
    TestPipeline pipeline = runner.pipeline();
    PCollection<KV<String, ChangeCounts>> counts =
        pipeline
            .apply(Create.timestamped(at(0, "a1"), at(1, "a1"), at(2, "a1"), at(3, "b2")))
            .apply(DROP.countedBy(event -> event.substring(1)))
            .counts();
    PAssert.that(counts)
        .satisfies(
            all -> {
              ChangeCounts sum = ChangeCounts.NONE;
              for (KV<String, ChangeCounts> some : all) {
                assertThat(some.getKey(), is("1"));
                sum = sum.plus(some.getValue());
              }
              assertThat(sum, is(ChangeCounts.builder().setDuplicate(2).build()));
              return null;
            });
    pipeline.run();
  }

  @ParameterizedTest
  @EnumSource(names = "FLINK_BATCH", mode = EnumSource.Mode.EXCLUDE)
  void repetitionsInLaterBundlesAreDropped(TestRunner runner) {
    TestPipeline pipeline = runner.pipeline();
    PCollection<String> left =
        pipeline
            .apply(
                TestStream.create(StringUtf8Coder.of())
                    .addElements(at(5, "a"), at(20, "b"))
                    .advanceWatermarkTo(second(15))
                    .addElements(at(8, "a"), at(15, "a"), at(12, "b"))
                    .advanceWatermarkTo(second(40))
                    .addElements(at(40, "b"))
                    .advanceWatermarkToInfinity())
            .apply(DROP)
            .distinct();
    PAssert.that(left).containsInAnyOrder("a", "b", "b");
    pipeline.run();
  }

  /** Flink holds the watermark back while a bundle is open, so there it may be later. */
  @Test
  void anIdIsForgottenWhenTheWatermarkHasPassedTheHorizon() {
    TestPipeline pipeline = TestRunner.DIRECT.pipeline();
    PCollection<String> left =
        pipeline
            .apply(
                TestStream.create(StringUtf8Coder.of())
                    .addElements(at(5, "a1"))
                    .advanceWatermarkTo(second(15))
                    .addElements(at(5, "a2"))
                    .advanceWatermarkTo(second(16))
                    .addElements(at(5, "a3"))
                    .advanceWatermarkToInfinity())
            .apply(DROP)
            .distinct();
    PAssert.that(left).containsInAnyOrder("a1", "a3");
    pipeline.run();
  }

  @Test
  void windowsOtherThanTheGlobalOneAreRefused() {
    PCollection<String> windowed =
        TestRunner.DIRECT
            .pipeline()
            .apply(Create.of(List.of("a")))
            .apply(Window.into(FixedWindows.of(Duration.standardDays(1))));
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> windowed.apply(DROP));
    assertThat(refused.getMessage(), containsString("global window"));
  }

  @Test
  void aNegativeHorizonIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> DROP.within(Duration.millis(-1)));
  }
}
