package io.millrace.transforms.entity;

import static io.millrace.transforms.entity.Letters.at;
import static io.millrace.transforms.entity.Letters.evolve;
import static io.millrace.transforms.entity.Letters.newest;
import static io.millrace.transforms.entity.Letters.second;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.millrace.transforms.TestRunner;
import java.util.List;
import java.util.Map;
import org.apache.beam.runners.flink.FlinkPipelineOptions;
import org.apache.beam.sdk.coders.DoubleCoder;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.testing.TestStream;
import org.apache.beam.sdk.transforms.Count;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.windowing.FixedWindows;
import org.apache.beam.sdk.transforms.windowing.Window;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.TypeDescriptors;
import org.joda.time.Duration;
import org.joda.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class EvolveEntityTest {
  private static TestPipeline pipeline(TestRunner runner) {
    PipelineOptions options = runner.options();
    // While a bundle is open, Flink holds back the watermark; and two tasks know no common order.
    options.as(FlinkPipelineOptions.class).setMaxBundleSize(1L);
    options.as(FlinkPipelineOptions.class).setParallelism(1);
    return TestPipeline.fromOptions(options).enableAbandonedNodeEnforcement(false);
  }

  private static EvolvedEntities<String, String, String> run(
      TestPipeline pipeline,
      PTransform<PBegin, PCollection<KV<String, String>>> events,
      EvolveEntity.Evolve<String, String, String> evolve) {
    return pipeline.apply(events).apply(evolve);
  }

  private static void expect(
      EvolvedEntities<String, String, String> evolved, Map<String, String> expected) {
    PAssert.that(evolved.entities())
        .satisfies(
            said -> {
              assertThat(newest(said), is(expected));
              expected.keySet().forEach(key -> Letters.assertCountedUp(said, key));
              return null;
            });
  }

  private static TestStream.Builder<KV<String, String>> stream() {
    return TestStream.create(Letters.CODER).advanceWatermarkTo(second(0));
  }

  @ParameterizedTest
  @EnumSource
  void eventsAreAppliedInTheOrderOfTheirTimes(TestRunner runner) {
    TestPipeline pipeline = pipeline(runner);
    var evolved =
        run(
            pipeline,
            Create.timestamped(
                    at(3, "k", "c"),
                    at(1, "k", "a"),
                    at(2, "k", "b"),
                    at(5, "l", "x"),
                    at(3, "k", "c"),
                    at(9, "m", "y"),
                    at(8, "m", "!"),
                    at(4, "l", "w"))
                .withCoder(Letters.CODER),
            evolve());
    expect(evolved, Map.of("k", "abc 3 @3", "l", "wx 2 @5", "m", "y 2 @9"));
    PAssert.that(evolved.tooLate()).empty();
    pipeline.run();
  }

  @ParameterizedTest
  @EnumSource(names = "FLINK_BATCH", mode = EnumSource.Mode.EXCLUDE)
  void aLateEventIsPutInItsPlaceAndOneBeyondTheHorizonIsTooLate(TestRunner runner) {
    TestPipeline pipeline = pipeline(runner);
    var evolved =
        run(
            pipeline,
            stream()
                .addElements(at(1, "k", "a"), at(20, "k", "d"))
                .advanceWatermarkTo(second(20))
                .addElements(at(10, "k", "b"), at(9.9, "k", "z"), at(30, "k", "e"))
                .advanceWatermarkTo(second(22))
                .addElements(at(12, "k", "c"), at(1, "k", "a"), at(11, "l", "z"))
                .advanceWatermarkToInfinity(),
            evolve());
    expect(evolved, Map.of("k", "abcde 5 @30"));
    PAssert.that(evolved.tooLate())
        .containsInAnyOrder(List.of(KV.of("k", "z"), KV.of("k", "a"), KV.of("l", "z")));
    pipeline.run();
  }

  @ParameterizedTest
  @EnumSource(names = "FLINK_BATCH", mode = EnumSource.Mode.EXCLUDE)
  void everyChangeIsSaidWithTheNextRevision(TestRunner runner) {
    TestPipeline pipeline = pipeline(runner);
    var evolved =
        run(
            pipeline,
            stream()
                .addElements(at(4, "k", "b"))
                .advanceWatermarkTo(second(4))
                .addElements(at(2, "k", "a"))
                .advanceWatermarkTo(second(5))
                .addElements(at(4, "k", "b"))
                .advanceWatermarkTo(second(6))
                .addElements(at(6, "k", "!"))
                .advanceWatermarkToInfinity(),
            evolve());
    PAssert.that(shown(evolved)).containsInAnyOrder("1: b 1 @4", "2: ab 2 @4", "3: gone 3 @6");
    pipeline.run();
  }

  private static PCollection<String> shown(EvolvedEntities<String, String, String> evolved) {
    return evolved
        .entities()
        .apply(
            MapElements.into(TypeDescriptors.strings())
                .via(said -> said.getValue().revision() + ": " + Letters.show(said.getValue())));
  }

  @ParameterizedTest
  @EnumSource(names = "FLINK_BATCH", mode = EnumSource.Mode.EXCLUDE)
  void ofEventsWithOneIdTheFirstInOrderCounts(TestRunner runner) {
    TestPipeline pipeline = pipeline(runner);
    var evolved =
        run(
            pipeline,
            stream()
                .addElements(at(4, "k", "b1"), at(5, "k", "c2"))
                .advanceWatermarkTo(second(4))
                .addElements(at(3, "k", "a1"), at(6, "k", "d2"))
                .advanceWatermarkToInfinity(),
            evolve().identifiedBy(event -> event.substring(1)));
    expect(evolved, Map.of("k", "ac 2 @5"));
    pipeline.run();
  }

  @ParameterizedTest
  @EnumSource
  void withoutIdsEveryEventCounts(TestRunner runner) {
    TestPipeline pipeline = pipeline(runner);
    var evolved =
        run(
            pipeline,
            Create.timestamped(at(1, "k", "a"), at(1, "k", "a")).withCoder(Letters.CODER),
            EvolveEntity.<String, String, String>by(Letters::apply, StringUtf8Coder.of()));
    expect(evolved, Map.of("k", "aa 2 @1"));
    pipeline.run();
  }

  @ParameterizedTest
  @EnumSource(names = "FLINK_BATCH", mode = EnumSource.Mode.EXCLUDE)
  void bySequenceTimeOnlyTellsWhatIsTooLate(TestRunner runner) {
    TestPipeline pipeline = pipeline(runner);
    var evolved =
        run(
            pipeline,
            stream()
                .addElements(at(1, "k", "b2"), at(3, "k", "a1"), at(4, "k", "d4"))
                .advanceWatermarkTo(second(12))
                .addElements(at(2, "k", "c3"), at(5, "l", "y1"), at(4, "l", "x1"))
                .advanceWatermarkTo(second(30))
                .addElements(at(29, "k", "z3"), at(21, "k", "e5"), at(19, "k", "z6"))
                .advanceWatermarkToInfinity(),
            evolve().orderedBySequence(event -> Long.parseLong(event.substring(1))));
    expect(evolved, Map.of("k", "abcde 5 @21", "l", "xy 2 @5"));
    PAssert.that(evolved.tooLate()).containsInAnyOrder(List.of(KV.of("k", "z3"), KV.of("k", "z6")));
    pipeline.run();
  }

  @ParameterizedTest
  @EnumSource
  void timesOfTheEventsThemselvesAndTiesBySequence(TestRunner runner) {
    TestPipeline pipeline = pipeline(runner);
    var evolved =
        run(
            pipeline,
            Create.timestamped(at(1, "k", "c5"), at(2, "k", "a3"), at(3, "k", "b4"))
                .withCoder(Letters.CODER),
            evolve()
                .withTime(event -> Instant.ofEpochMilli(7000))
                .withTiesBySequence(event -> Long.parseLong(event.substring(1))));
    expect(evolved, Map.of("k", "abc 3 @7"));
    pipeline.run();
  }

  @Test
  void atIntervalsOfTheClockWhatHasChangedIsSaidOnce() {
    TestPipeline pipeline = TestRunner.DIRECT.pipeline();
    var evolved =
        run(
            pipeline,
            stream()
                .addElements(at(1, "k", "a"))
                .addElements(at(3, "k", "c"), at(1, "l", "x"))
                .advanceProcessingTime(Duration.standardSeconds(61))
                .addElements(at(2, "k", "b"))
                .addElements(at(1, "l", "x"))
                .advanceProcessingTime(Duration.standardSeconds(61))
                .advanceProcessingTime(Duration.standardSeconds(61))
                .addElements(at(4, "k", "d"))
                .advanceWatermarkToInfinity(),
            evolve().every(Duration.standardSeconds(60)));
    PAssert.that(shown(evolved))
        .containsInAnyOrder("1: ac 2 @3", "1: x 1 @1", "2: abc 3 @3", "3: abcd 4 @4");
    pipeline.run();
  }

  @ParameterizedTest
  @EnumSource
  void boundedInputIsSaidOnceAtItsEnd(TestRunner runner) {
    TestPipeline pipeline = pipeline(runner);
    var evolved =
        run(
            pipeline,
            Create.timestamped(at(3, "k", "c"), at(1, "k", "a"), at(19, "k", "d"), at(5, "l", "x"))
                .withCoder(Letters.CODER),
            evolve()
                .every(Duration.standardSeconds(60))
                .everyOfEventTime(Duration.standardSeconds(20)));
    PAssert.that(shown(evolved)).containsInAnyOrder("1: acd 3 @19", "1: x 1 @5");
    pipeline.run();
  }

  @ParameterizedTest
  @EnumSource(names = "FLINK_BATCH", mode = EnumSource.Mode.EXCLUDE)
  void atIntervalsOfEventTimeWhatHasChangedIsSaidOnce(TestRunner runner) {
    TestPipeline pipeline = pipeline(runner);
    var evolved =
        run(
            pipeline,
            stream()
                .addElements(at(1, "k", "a"))
                .addElements(at(3, "k", "c"), at(11, "l", "x"))
                .advanceWatermarkTo(second(9))
                .addElements(at(2, "k", "b"))
                .advanceWatermarkTo(second(10))
                .advanceWatermarkTo(second(25))
                .addElements(at(24, "k", "d"))
                .advanceWatermarkTo(second(30))
                .advanceWatermarkToInfinity(),
            evolve().everyOfEventTime(Duration.standardSeconds(10)));
    PAssert.that(shown(evolved)).containsInAnyOrder("1: abc 3 @3", "1: x 1 @11", "2: abcd 4 @24");
    pipeline.run();
  }

  /** What was said holds no watermark any more: the window of the late event was over before. */
  @Test
  void theWatermarkGoesOnWhenTheClockHasSaidWhatWasPending() {
    TestPipeline pipeline = TestRunner.DIRECT.pipeline();
    PAssert.that(
            inWindows(
                pipeline,
                stream()
                    .addElements(at(1, "k", "a"))
                    .advanceWatermarkTo(second(10))
                    .advanceProcessingTime(Duration.standardSeconds(61))
                    .advanceWatermarkTo(second(11))
                    .addElements(at(2, "l", "x"))
                    .advanceProcessingTime(Duration.standardSeconds(61))
                    .advanceWatermarkToInfinity(),
                evolve().every(Duration.standardSeconds(60))))
        .containsInAnyOrder("1: a 1 @1");
    pipeline.run();
  }

  @ParameterizedTest
  @EnumSource(names = "FLINK_BATCH", mode = EnumSource.Mode.EXCLUDE)
  void theWatermarkGoesOnWhenItHasSaidWhatWasPending(TestRunner runner) {
    TestPipeline pipeline = pipeline(runner);
    PAssert.that(
            inWindows(
                pipeline,
                stream()
                    .addElements(at(1, "k", "a"))
                    .advanceWatermarkTo(second(10))
                    .advanceWatermarkTo(second(11))
                    .addElements(at(12, "m", "y"))
                    .advanceWatermarkTo(second(12))
                    .addElements(at(2, "l", "x"))
                    .advanceWatermarkToInfinity(),
                evolve()
                    .every(Duration.standardDays(1))
                    .everyOfEventTime(Duration.standardSeconds(10))))
        .containsInAnyOrder("1: a 1 @1", "1: y 1 @12");
    pipeline.run();
  }

  /** What is pending holds the watermark: when it is said it is not late. */
  @ParameterizedTest
  @EnumSource(names = "FLINK_BATCH", mode = EnumSource.Mode.EXCLUDE)
  void theWatermarkWaitsForWhatIsPending(TestRunner runner) {
    TestPipeline pipeline = pipeline(runner);
    PAssert.that(
            inWindows(
                pipeline,
                stream()
                    .addElements(at(1, "k", "a"))
                    .advanceWatermarkTo(second(50))
                    .addElements(at(51, "l", "x"))
                    .advanceWatermarkTo(second(90))
                    .advanceWatermarkToInfinity(),
                evolve().everyOfEventTime(Duration.standardSeconds(100))))
        .containsInAnyOrder("1: a 1 @1", "1: x 1 @51");
    pipeline.run();
  }

  private static PCollection<String> inWindows(
      TestPipeline pipeline,
      TestStream<KV<String, String>> events,
      EvolveEntity.Evolve<String, String, String> evolve) {
    return shown(run(pipeline, events, evolve))
        .apply(Window.into(FixedWindows.of(Duration.standardSeconds(5))))
        .apply(Count.perElement())
        .apply(MapElements.into(TypeDescriptors.strings()).via(KV::getKey));
  }

  @ParameterizedTest
  @EnumSource(names = "FLINK_BATCH", mode = EnumSource.Mode.EXCLUDE)
  void anEntityThatWasIdleBeginsAnew(TestRunner runner) {
    TestPipeline pipeline = pipeline(runner);
    var evolved =
        run(
            pipeline,
            stream()
                .addElements(at(1, "k", "a"), at(21, "k", "b"), at(42, "k", "d"), at(1, "l", "x"))
                .advanceWatermarkTo(second(43))
                .addElements(at(41.5, "k", "c"))
                .advanceWatermarkTo(second(100))
                .addElements(at(100, "k", "e"), at(101, "k", "f"))
                .advanceWatermarkToInfinity(),
            evolve().withIdleExpiry(Duration.standardSeconds(20)));
    PAssert.that(evolved.entities())
        .satisfies(
            said -> {
              assertThat(newest(said), is(Map.of("k", "ef 2 @101", "l", "x 1 @1")));
              return null;
            });
    pipeline.run();
  }

  @Test
  void keysWithoutADeterministicCoderAndOtherWindowsAreRefused() {
    TestPipeline pipeline = TestRunner.DIRECT.pipeline();
    EvolveEntity.Evolve<Double, String, String> byDouble =
        EvolveEntity.by(Letters::apply, StringUtf8Coder.of());
    PCollection<KV<Double, String>> doubles =
        pipeline.apply(Create.empty(KvCoder.of(DoubleCoder.of(), StringUtf8Coder.of())));
    assertThat(
        assertThrows(IllegalArgumentException.class, () -> doubles.apply(byDouble)).getMessage(),
        containsString("EvolveEntity needs keys with a deterministic coder"));
    PCollection<KV<String, String>> windowed =
        pipeline
            .apply(Create.empty(Letters.CODER))
            .apply(Window.into(FixedWindows.of(Duration.standardDays(1))));
    assertThat(
        assertThrows(IllegalArgumentException.class, () -> windowed.apply(evolve())).getMessage(),
        containsString("EvolveEntity needs its input in the global window"));
  }

  @Test
  void durationsThatMakeNoSenseAreRefused() {
    Duration negative = Duration.millis(-1);
    assertThrows(IllegalArgumentException.class, () -> evolve().within(negative));
    assertThrows(IllegalArgumentException.class, () -> evolve().every(Duration.ZERO));
    assertThrows(IllegalArgumentException.class, () -> evolve().everyOfEventTime(negative));
    assertThrows(IllegalArgumentException.class, () -> evolve().withIdleExpiry(Duration.ZERO));
    assertThrows(
        IllegalArgumentException.class, () -> evolve().within(Duration.standardDays(40_000)));
  }
}
