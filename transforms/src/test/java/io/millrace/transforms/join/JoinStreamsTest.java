package io.millrace.transforms.join;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.millrace.transforms.TestRunner;
import io.millrace.transforms.TimedPipeline;
import io.millrace.transforms.quality.RunCounter;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.coders.CustomCoder;
import org.apache.beam.sdk.coders.DoubleCoder;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.metrics.MetricNameFilter;
import org.apache.beam.sdk.metrics.MetricResult;
import org.apache.beam.sdk.metrics.MetricsFilter;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.testing.TestStream;
import org.apache.beam.sdk.transforms.Count;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.Filter;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.windowing.FixedWindows;
import org.apache.beam.sdk.transforms.windowing.Window;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.TimestampedValue;
import org.apache.beam.sdk.values.TypeDescriptors;
import org.joda.time.Duration;
import org.joda.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Left elements are capital letters, right ones small; a digit may follow. */
class JoinStreamsTest {
  private static final KvCoder<String, String> CODER =
      KvCoder.of(StringUtf8Coder.of(), StringUtf8Coder.of());
  private static final JoinStreams.Join<String, String, String> TEN_SECONDS =
      JoinStreams.within(Duration.standardSeconds(10));

  private static TimestampedValue<KV<String, String>> at(double second, String key, String value) {
    return TimestampedValue.of(KV.of(key, value), second(second));
  }

  private static Instant second(double second) {
    return Instant.ofEpochMilli((long) (second * 1000));
  }

  private static TestStream.Builder<KV<String, String>> stream() {
    return TestStream.create(CODER).advanceWatermarkTo(second(0));
  }

  private static PTransform<PBegin, PCollection<KV<String, String>>> bounded(
      List<TimestampedValue<KV<String, String>>> elements) {
    return Create.timestamped(elements).withCoder(CODER);
  }

  private static JoinedStreams<String, String, String> join(
      TimedPipeline pipeline,
      PTransform<PBegin, PCollection<KV<String, String>>> events,
      JoinStreams.Join<String, String, String> join) {
    return streams(pipeline.pipeline().apply(events)).apply(join);
  }

  private static KeyedStreams<String, String, String> streams(PCollection<KV<String, String>> all) {
    return KeyedStreams.of(
        all.apply("Left", Filter.by(event -> isLeft(event.getValue()))),
        all.apply("Right", Filter.by(event -> !isLeft(event.getValue()))));
  }

  private static boolean isLeft(String value) {
    return Character.isUpperCase(value.charAt(0));
  }

  private static String text(KV<String, Joined<String, String>> joined) {
    Joined<String, String> pair = joined.getValue();
    return joined.getKey()
        + " "
        + (pair.left() == null ? "-" : pair.left() + pair.leftTime().getMillis() / 1000)
        + " "
        + (pair.right() == null ? "-" : pair.right() + pair.rightTime().getMillis() / 1000);
  }

  private static void expect(
      TimedPipeline pipeline, JoinedStreams<String, String, String> joined, String... expected) {
    pipeline.expect(joined.joined(), JoinStreamsTest::text, expected);
  }

  private static void expectTooLate(
      TimedPipeline pipeline, PCollection<KV<String, String>> late, String... expected) {
    pipeline.expect(late, element -> element.getKey() + " " + element.getValue(), expected);
  }

  @ParameterizedTest
  @EnumSource
  void elementsOfAKeyWithinTheIntervalAreAPairWithTheLaterOfTheirTimes(TestRunner runner) {
    TimedPipeline pipeline = new TimedPipeline(runner);
    var joined =
        join(
            pipeline,
            bounded(
                List.of(
                    at(20, "k", "A"),
                    at(10, "k", "b"),
                    at(9.999, "k", "c"),
                    at(30, "k", "d"),
                    at(30.001, "k", "e"),
                    at(20, "l", "f"),
                    at(21, "k", "B"))),
            TEN_SECONDS);
    expect(pipeline, joined, "20 k A20 b10", "30 k A20 d30", "30 k B21 d30", "30.001 k B21 e30");
    pipeline.run();
  }

  @ParameterizedTest
  @EnumSource
  void theIntervalMayLieOnOneSide(TestRunner runner) {
    TimedPipeline pipeline = new TimedPipeline(runner);
    var joined =
        join(
            pipeline,
            bounded(
                List.of(
                    at(20, "k", "A"),
                    at(11, "k", "b"),
                    at(12, "k", "c"),
                    at(15, "k", "d"),
                    at(16, "k", "e"))),
            JoinStreams.within(Duration.standardSeconds(8), Duration.standardSeconds(-5)));
    expect(pipeline, joined, "20 k A20 c12", "20 k A20 d15");
    pipeline.run();
  }

  @ParameterizedTest
  @EnumSource
  void inWindowsElementsOfTheSameWindowArePairs(TestRunner runner) {
    TimedPipeline pipeline = new TimedPipeline(runner);
    var joined =
        join(
            pipeline,
            bounded(
                List.of(
                    at(10, "k", "A"), at(9.999, "k", "b"), at(19.999, "k", "c"), at(20, "k", "d"))),
            JoinStreams.<String, String, String>inWindows(Duration.standardSeconds(10))
                .fullOuter());
    expect(pipeline, joined, "19.999 k A10 c19", "9.999 k - b9", "20 k - d20");
    pipeline.run();
  }

  @ParameterizedTest
  @EnumSource
  void outerJoinsSayEachThatNothingJoinedOnce(TestRunner runner) {
    for (IntervalKind kind : IntervalKind.values()) {
      TimedPipeline pipeline = new TimedPipeline(runner);
      var events =
          bounded(
              List.of(
                  at(1, "k", "A"),
                  at(5, "k", "b"),
                  at(40, "k", "C"),
                  at(60, "k", "d"),
                  at(60, "k", "e"),
                  at(3, "k", "F"),
                  at(60, "l", "g")));
      expect(
          pipeline,
          join(
              pipeline,
              events,
              switch (kind) {
                case INNER -> TEN_SECONDS.inner();
                case LEFT_OUTER -> TEN_SECONDS.leftOuter();
                case RIGHT_OUTER -> TEN_SECONDS.rightOuter();
                case FULL_OUTER -> TEN_SECONDS.fullOuter();
              }),
          switch (kind) {
            case INNER -> new String[] {"5 k A1 b5", "5 k F3 b5"};
            case LEFT_OUTER -> new String[] {"5 k A1 b5", "5 k F3 b5", "40 k C40 -"};
            case RIGHT_OUTER ->
                new String[] {"5 k A1 b5", "5 k F3 b5", "60 k - d60", "60 k - e60", "60 l - g60"};
            case FULL_OUTER ->
                new String[] {
                  "5 k A1 b5", "5 k F3 b5", "40 k C40 -", "60 k - d60", "60 k - e60", "60 l - g60"
                };
          });
      pipeline.run();
    }
  }

  /** On Flink the watermark of one side may come after an element of the other. */
  @Test
  void aLateElementFindsAllItsPairsAndOneBeyondTheLatenessIsTooLate() {
    TimedPipeline pipeline = new TimedPipeline(TestRunner.DIRECT);
    var joined =
        join(
            pipeline,
            stream()
                .addElements(at(10, "k", "A"), at(25, "k", "B"))
                .advanceWatermarkTo(second(25))
                .addElements(at(20, "k", "c"), at(19.999, "k", "d"), at(20, "k", "C"))
                .advanceWatermarkTo(second(25.001))
                .addElements(at(20, "k", "e"), at(20, "k", "D"))
                .advanceWatermarkToInfinity(),
            TEN_SECONDS.withAllowedLateness(Duration.standardSeconds(5)).fullOuter());
    expect(pipeline, joined, "20 k A10 c20", "25 k B25 c20", "20 k C20 c20");
    expectTooLate(pipeline, joined.tooLateLeft(), "20 k D");
    expectTooLate(pipeline, joined.tooLateRight(), "19.999 k d", "20 k e");
    pipeline.run();
  }

  @ParameterizedTest
  @EnumSource(names = "FLINK_BATCH", mode = EnumSource.Mode.EXCLUDE)
  void whatNothingJoinedWaitsForTheEndOfItsIntervalAndTheLateness(TestRunner runner) {
    TimedPipeline pipeline = new TimedPipeline(runner);
    var joined =
        join(
            pipeline,
            stream()
                .addElements(at(10, "k", "A"), at(11, "k", "B"))
                .advanceWatermarkTo(second(25))
                .addElements(at(20.001, "k", "b"))
                .advanceWatermarkTo(second(25.001))
                .addElements(at(20.001, "k", "c"))
                .advanceWatermarkToInfinity(),
            TEN_SECONDS.withAllowedLateness(Duration.standardSeconds(5)).leftOuter());
    expect(pipeline, joined, "10 k A10 -", "20.001 k B11 b20", "20.001 k B11 c20");
    pipeline.run();
  }

  /** So it is in time for a window that ends long before it goes out. */
  @ParameterizedTest
  @EnumSource(names = "FLINK_BATCH", mode = EnumSource.Mode.EXCLUDE)
  void whatNothingJoinedHoldsTheWatermark(TestRunner runner) {
    TimedPipeline pipeline = new TimedPipeline(runner);
    pipeline.expect(
        inWindows(
            join(
                pipeline,
                stream()
                    .addElements(at(11, "k", "A"))
                    .addElements(at(18, "l", "b"))
                    .advanceWatermarkTo(second(20))
                    .advanceWatermarkTo(second(30))
                    .advanceWatermarkTo(second(60))
                    .advanceWatermarkToInfinity(),
                TEN_SECONDS.fullOuter())),
        text -> text,
        "14.999 k A11 -",
        "19.999 l - b18");
    pipeline.run();
  }

  /** The window of the late pair is over: its watermark went on when A had its pair. */
  @Test
  void whatSomethingJoinedHoldsTheWatermarkNoLonger() {
    TestPipeline pipeline = TestRunner.DIRECT.pipeline();
    PCollection<KV<String, String>> all =
        pipeline.apply(
            stream()
                .addElements(at(11, "k", "A"))
                .advanceWatermarkTo(second(19))
                .addElements(at(20, "k", "b"))
                .advanceWatermarkTo(second(20))
                .addElements(at(12, "l", "C"), at(12, "l", "d"))
                .advanceWatermarkToInfinity());
    PAssert.that(
            inWindows(
                streams(all)
                    .apply(
                        TEN_SECONDS.leftOuter().withAllowedLateness(Duration.standardSeconds(60)))))
        .containsInAnyOrder("k A11 b20");
    pipeline.run();
  }

  private static PCollection<String> inWindows(JoinedStreams<String, String, String> joined) {
    return joined
        .joined()
        .apply(MapElements.into(TypeDescriptors.strings()).via(JoinStreamsTest::text))
        .apply(Window.into(FixedWindows.of(Duration.standardSeconds(5))))
        .apply(Count.perElement())
        .apply(MapElements.into(TypeDescriptors.strings()).via(KV::getKey));
  }

  @ParameterizedTest
  @EnumSource(names = "FLINK_BATCH", mode = EnumSource.Mode.EXCLUDE)
  void repeatedElementsCountOnce(TestRunner runner) {
    TimedPipeline pipeline = new TimedPipeline(runner);
    var joined =
        join(
            pipeline,
            stream()
                .addElements(at(10, "k", "A"), at(10, "k", "A"), at(11, "k", "A"))
                .addElements(at(12, "k", "b1"), at(9, "k", "c2"))
                .advanceWatermarkTo(second(12))
                .addElements(at(12, "k", "b1"), at(10, "k", "A"))
                .advanceWatermarkToInfinity(),
            TEN_SECONDS
                .withAllowedLateness(Duration.standardSeconds(5))
                .identifiedBy(left -> left, right -> right.substring(1)));
    expect(pipeline, joined, "12 k A10 b112", "12 k A11 b112", "10 k A10 c29", "11 k A11 c29");
    pipeline.run();
  }

  /** An element a second of each side, each in a slice of a second by itself. */
  @ParameterizedTest
  @EnumSource(names = "FLINK_BATCH", mode = EnumSource.Mode.EXCLUDE)
  void whatNothingCanJoinAnyMoreIsFreed(TestRunner runner) {
    TimedPipeline pipeline = new TimedPipeline(runner);
    TestStream.Builder<KV<String, String>> stream = stream();
    for (int second = 0; second < 30; second++) {
      stream =
          stream
              .addElements(at(second, "k", "A"), at(second, "k", "b"))
              .advanceWatermarkTo(second(second + 1));
    }
    join(
        pipeline,
        stream.advanceWatermarkToInfinity(),
        JoinStreams.within(Duration.standardSeconds(1)));
    PipelineResult run = pipeline.pipeline().run();
    run.waitUntilFinish();
    long freed = 0;
    for (MetricResult<Long> counter :
        run.metrics()
            .queryMetrics(
                MetricsFilter.builder()
                    .addNameFilter(
                        MetricNameFilter.named(RunCounter.NAMESPACE, "join_slices_freed"))
                    .build())
            .getCounters()) {
      freed += counter.getAttempted();
    }
    assertThat(freed, is(60L));
  }

  @Test
  void otherWindowsKeysWithoutADeterministicCoderAndKeysOfTwoCodersAreRefused() {
    TestPipeline pipeline = TestRunner.DIRECT.pipeline();
    PCollection<KV<String, String>> texts = pipeline.apply("Texts", Create.empty(CODER));
    PCollection<KV<Double, String>> doubles =
        pipeline.apply("Doubles", Create.empty(KvCoder.of(DoubleCoder.of(), StringUtf8Coder.of())));
    PCollection<KV<String, Integer>> windowed =
        pipeline
            .apply("Numbers", Create.empty(KvCoder.of(StringUtf8Coder.of(), VarIntCoder.of())))
            .apply(Window.into(FixedWindows.of(Duration.standardSeconds(5))));
    assertRefused("deterministic coder", KeyedStreams.of(doubles, doubles));
    assertRefused("global window", KeyedStreams.of(texts, windowed));
    assertRefused(
        "same coder on both sides",
        KeyedStreams.of(
            texts,
            pipeline
                .apply("Others", Create.empty(CODER))
                .setCoder(KvCoder.of(new OtherTextCoder(), StringUtf8Coder.of()))));
  }

  private static <K, L, R> void assertRefused(String reason, KeyedStreams<K, L, R> streams) {
    JoinStreams.Join<K, L, R> join = JoinStreams.within(Duration.ZERO);
    assertThat(
        assertThrows(IllegalArgumentException.class, () -> streams.apply(reason, join))
            .getMessage(),
        containsString(reason));
  }

  private static final class OtherTextCoder extends CustomCoder<String> {
    private static final long serialVersionUID = 1L;

    @Override
    public void encode(String text, OutputStream out) throws IOException {
      StringUtf8Coder.of().encode(text, out);
    }

    @Override
    public String decode(InputStream in) throws IOException {
      return StringUtf8Coder.of().decode(in);
    }

    @Override
    public void verifyDeterministic() {}
  }

  @Test
  void keysOfAFullOuterJoinAreNotSpread() {
    PCollection<KV<String, String>> texts = TestRunner.DIRECT.pipeline().apply(Create.empty(CODER));
    assertThat(
        assertThrows(
                IllegalArgumentException.class,
                () ->
                    KeyedStreams.of(texts, texts)
                        .apply(TEN_SECONDS.fullOuter().withHotKeyFanout(2)))
            .getMessage(),
        containsString("cannot spread the keys of a full outer join, got hotKeyFanout 2"));
    assertThrows(IllegalArgumentException.class, () -> TEN_SECONDS.withHotKeyFanout(0));
  }

  /** A stream may be joined to itself: each element is a pair with itself, too. */
  @ParameterizedTest
  @EnumSource
  void aStreamJoinsItself(TestRunner runner) {
    TimedPipeline pipeline = new TimedPipeline(runner);
    PCollection<KV<String, String>> texts =
        pipeline.pipeline().apply(bounded(List.of(at(1, "k", "A"), at(2, "k", "B"))));
    expect(
        pipeline,
        KeyedStreams.of(texts, texts).apply(TEN_SECONDS),
        "1 k A1 A1",
        "2 k A1 B2",
        "2 k B2 A1",
        "2 k B2 B2");
    pipeline.run();
  }

  @Test
  void durationsOutOfRangeAreRefused() {
    for (Runnable wrong :
        new Runnable[] {
          () -> JoinStreams.within(Duration.standardDays(36_501)),
          () -> JoinStreams.inWindows(Duration.ZERO),
          () -> TEN_SECONDS.withAllowedLateness(Duration.millis(-1))
        }) {
      assertThat(
          assertThrows(IllegalArgumentException.class, wrong::run).getMessage(),
          containsString("must be from"));
    }
  }
}
