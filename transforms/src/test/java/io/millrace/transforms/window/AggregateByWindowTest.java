package io.millrace.transforms.window;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.equalTo;

import io.millrace.transforms.TestRunner;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.StreamSupport;
import org.apache.beam.runners.flink.FlinkPipelineOptions;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.metrics.MetricNameFilter;
import org.apache.beam.sdk.metrics.MetricResult;
import org.apache.beam.sdk.metrics.MetricsFilter;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.testing.TestStream;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.Row;
import org.apache.beam.sdk.values.TimestampedValue;
import org.joda.time.Duration;
import org.joda.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AggregateByWindowTest {
  private static final Duration TEN_SECONDS = Duration.standardSeconds(10);
  private static final Duration FIVE_SECONDS = Duration.standardSeconds(5);

  private final TestStream.Builder<Sale> start = TestStream.create(new Sale.SaleCoder());

  private static AggregateByWindow.Aggregation<Sale> revenue(Windows windows) {
    return AggregateByWindow.<Sale>in(windows)
        .by(Attribute.string("shop", Sale::shop))
        .compute(
            Aggregate.count("sales"), Aggregate.sum("cents", Attribute.int64("cents", Sale::cents)))
        .withBuckets(3);
  }

  @ParameterizedTest
  @EnumSource(value = TestRunner.class, mode = EnumSource.Mode.EXCLUDE, names = "FLINK_BATCH")
  void tumblingWindowsGiveOneResultForEachKeyWhenTheyEnd(TestRunner runner) {
    check(
        runner,
        start
            .addElements(sale(1, "north", 100), sale(9.999, "north", 20), sale(10, "north", 3))
            .addElements(sale(2, "south", 7))
            .advanceWatermarkTo(second(10))
            .addElements(sale(11, "south", 8))
            .advanceWatermarkToInfinity(),
        revenue(Windows.tumbling(TEN_SECONDS)),
        List.of(
            "north [0, 10) ON_TIME 0: 2, 120",
            "north [10, 20) ON_TIME 0: 1, 3",
            "south [0, 10) ON_TIME 0: 1, 7",
            "south [10, 20) ON_TIME 0: 1, 8"),
        List.of());
  }

  @ParameterizedTest
  @EnumSource(value = TestRunner.class, mode = EnumSource.Mode.EXCLUDE, names = "FLINK_BATCH")
  void hoppingWindowsShareTheirSlices(TestRunner runner) {
    check(
        runner,
        start
            .addElements(sale(1, "north", 1), sale(6, "north", 10), sale(12, "north", 100))
            .advanceWatermarkToInfinity(),
        revenue(Windows.hopping(TEN_SECONDS, FIVE_SECONDS)),
        List.of(
            "north [-5, 5) ON_TIME 0: 1, 1",
            "north [0, 10) ON_TIME 0: 2, 11",
            "north [10, 20) ON_TIME 0: 1, 100",
            "north [5, 15) ON_TIME 0: 2, 110"),
        List.of());
  }

  @ParameterizedTest
  @EnumSource(value = TestRunner.class, mode = EnumSource.Mode.EXCLUDE, names = "FLINK_BATCH")
  void lateElementsCorrectWhatWasSaidAndTooLateOnesAreHandedOver(TestRunner runner) {
    check(
        runner,
        lateStream(),
        revenue(Windows.tumbling(TEN_SECONDS)).withLatePolicy(LatePolicy.allowing(TEN_SECONDS)),
        List.of(
            "north [0, 10) LATE 1: 2, 11",
            "north [0, 10) LATE 2: 3, 111",
            "north [0, 10) ON_TIME 0: 1, 1",
            "south [0, 10) LATE 0: 1, 5"),
        List.of("north [0, 10) TOO_LATE 0: 1, 1000"));
  }

  @ParameterizedTest
  @EnumSource(value = TestRunner.class, mode = EnumSource.Mode.EXCLUDE, names = "FLINK_BATCH")
  void discardedPanesAddUp(TestRunner runner) {
    check(
        runner,
        lateStream(),
        revenue(Windows.tumbling(TEN_SECONDS))
            .withLatePolicy(LatePolicy.allowing(TEN_SECONDS).withCorrections(Corrections.DISCARD)),
        List.of(
            "north [0, 10) LATE 1: 1, 10",
            "north [0, 10) LATE 2: 1, 100",
            "north [0, 10) ON_TIME 0: 1, 1",
            "south [0, 10) LATE 0: 1, 5"),
        List.of("north [0, 10) TOO_LATE 0: 1, 1000"));
  }

  @ParameterizedTest
  @EnumSource(value = TestRunner.class, mode = EnumSource.Mode.EXCLUDE, names = "FLINK_BATCH")
  void retractionsVoidWhatWasSaid(TestRunner runner) {
    check(
        runner,
        lateStream(),
        revenue(Windows.tumbling(TEN_SECONDS))
            .withLatePolicy(LatePolicy.allowing(TEN_SECONDS).withCorrections(Corrections.RETRACT)),
        List.of(
            "north [0, 10) LATE -0: 1, 1",
            "north [0, 10) LATE -1: 2, 11",
            "north [0, 10) LATE 1: 2, 11",
            "north [0, 10) LATE 2: 3, 111",
            "north [0, 10) ON_TIME 0: 1, 1",
            "south [0, 10) LATE 0: 1, 5"),
        List.of("north [0, 10) TOO_LATE 0: 1, 1000"));
  }

  @ParameterizedTest
  @EnumSource(value = TestRunner.class, mode = EnumSource.Mode.EXCLUDE, names = "FLINK_BATCH")
  void sessionsEndAfterAGapAndLateElementsJoinThem(TestRunner runner) {
    check(
        runner,
        start
            .addElements(sale(1, "north", 1), sale(20, "north", 10), sale(10.999, "north", 100))
            .addElements(sale(2, "south", 5), sale(12, "south", 6))
            .advanceWatermarkTo(second(31))
            .addElements(sale(16, "north", 1000))
            .advanceWatermarkToInfinity(),
        revenue(Windows.sessions(TEN_SECONDS)).withLatePolicy(LatePolicy.allowing(TEN_SECONDS)),
        List.of(
            "north [1, 30) LATE 1: 4, 1111",
            "north [1, 30) ON_TIME 0: 3, 111",
            "south [12, 22) ON_TIME 0: 1, 6",
            "south [2, 12) ON_TIME 0: 1, 5"),
        List.of());
  }

  @ParameterizedTest
  @EnumSource(value = TestRunner.class, mode = EnumSource.Mode.EXCLUDE, names = "FLINK_BATCH")
  void aLateElementThatJoinsTwoSessionsVoidsTheSecond(TestRunner runner) {
    check(
        runner,
        start
            .addElements(sale(1, "north", 1), sale(15, "north", 10))
            .advanceWatermarkTo(second(26))
            .addElements(sale(8, "north", 100))
            .advanceWatermarkToInfinity(),
        revenue(Windows.sessions(TEN_SECONDS))
            .withLatePolicy(LatePolicy.allowing(Duration.standardMinutes(1))),
        List.of(
            "north [1, 11) ON_TIME 0: 1, 1",
            "north [1, 25) LATE 1: 3, 111",
            "north [15, 25) LATE -0: 1, 10",
            "north [15, 25) ON_TIME 0: 1, 10"),
        List.of());
  }

  @ParameterizedTest
  @EnumSource(value = TestRunner.class, mode = EnumSource.Mode.EXCLUDE, names = "FLINK_BATCH")
  void trailingWindowsEndWithEachElement(TestRunner runner) {
    check(
        runner,
        start
            .addElements(sale(11, "north", 10), sale(1.001, "north", 1), sale(5, "north", 100))
            .advanceWatermarkTo(second(12))
            .addElements(sale(11, "north", 1000), sale(2, "north", 10000))
            .advanceWatermarkToInfinity(),
        revenue(Windows.trailing(TEN_SECONDS)).withLatePolicy(LatePolicy.allowing(FIVE_SECONDS)),
        List.of(
            "north [-4, 5) ON_TIME 0: 2, 101",
            "north [-8, 1) ON_TIME 0: 1, 1",
            "north [1, 11) LATE 1: 4, 1111",
            "north [1, 11) ON_TIME 0: 3, 111"),
        List.of("north [-7, 2) TOO_LATE 0: 1, 10000"));
  }

  @ParameterizedTest
  @EnumSource(value = TestRunner.class, mode = EnumSource.Mode.EXCLUDE, names = "FLINK_BATCH")
  void windowsFromTheOldestBeginWithEachElement(TestRunner runner) {
    check(
        runner,
        start
            .addElements(sale(11, "north", 10), sale(1, "north", 1), sale(10.999, "north", 100))
            .advanceWatermarkToInfinity(),
        revenue(Windows.fromOldest(TEN_SECONDS)),
        List.of(
            "north [1, 11) ON_TIME 0: 2, 101",
            "north [10, 20) ON_TIME 0: 2, 110",
            "north [11, 21) ON_TIME 0: 1, 10"),
        List.of());
  }

  @Test
  void earlyResultsComeByTheClockAndAreRetractedByThoseOnTime() {
    check(
        TestRunner.DIRECT,
        start
            .addElements(sale(1, "north", 1))
            .advanceProcessingTime(FIVE_SECONDS)
            .addElements(sale(2, "north", 10), sale(3, "south", 5))
            .advanceProcessingTime(TEN_SECONDS)
            .advanceProcessingTime(TEN_SECONDS)
            .addElements(sale(4, "north", 100))
            .advanceWatermarkTo(second(10))
            .advanceWatermarkToInfinity(),
        revenue(Windows.tumbling(TEN_SECONDS))
            .withLatePolicy(
                LatePolicy.onTimeOnly()
                    .withEarlyFirings(TEN_SECONDS)
                    .withCorrections(Corrections.RETRACT)),
        List.of(
            "north [0, 10) EARLY 0: 2, 11",
            "north [0, 10) ON_TIME -0: 2, 11",
            "north [0, 10) ON_TIME 1: 3, 111",
            "south [0, 10) EARLY 0: 1, 5",
            "south [0, 10) ON_TIME -0: 1, 5",
            "south [0, 10) ON_TIME 1: 1, 5"),
        List.of());
  }

  @ParameterizedTest
  @EnumSource(value = TestRunner.class, mode = EnumSource.Mode.EXCLUDE, names = "FLINK_BATCH")
  void earlyResultsComeAfterSoManyElements(TestRunner runner) {
    check(
        runner,
        start
            .addElements(sale(1, "north", 1))
            .addElements(sale(2, "north", 10))
            .addElements(sale(3, "north", 100))
            .addElements(sale(4, "north", 1000))
            .addElements(sale(5, "north", 10000))
            .advanceWatermarkToInfinity(),
        revenue(Windows.global())
            .withLatePolicy(
                LatePolicy.onTimeOnly()
                    .withEarlyFiringsAfter(2)
                    .withCorrections(Corrections.DISCARD)),
        List.of("north EARLY 0: 2, 11", "north EARLY 1: 2, 1100", "north ON_TIME 2: 1, 10000"),
        List.of());
  }

  @ParameterizedTest
  @EnumSource(value = TestRunner.class, mode = EnumSource.Mode.EXCLUDE, names = "FLINK_BATCH")
  void windowsOfManySlicesTakeLateElementsToo(TestRunner runner) {
    long size = 600;
    long cents = 1;
    TestStream.Builder<Sale> stream = start;
    TreeMap<Long, Long> expected = new TreeMap<>();
    int watermark = 0;
    for (int second : new int[] {0, 1, 300, 17, 599, 800, 650, 640, 1000, 700}) {
      stream = stream.addElements(sale(second, "north", cents));
      watermark = Math.max(watermark + 1, second);
      stream = stream.advanceWatermarkTo(second(watermark));
      for (long window = second - size + 1; window <= second; window++) {
        expected.merge(window, cents, Long::sum);
      }
      cents *= 3;
    }
    PipelineOptions options = runner.options();
    options.as(FlinkPipelineOptions.class).setMaxBundleSize(1L);
    options.as(FlinkPipelineOptions.class).setParallelism(1);
    Pipeline pipeline = Pipeline.create(options);
    PCollection<Row> results =
        pipeline
            .apply(stream.advanceWatermarkToInfinity())
            .apply(
                revenue(
                        Windows.hopping(
                            Duration.standardSeconds(size), Duration.standardSeconds(1)))
                    .withLatePolicy(
                        LatePolicy.allowing(Duration.standardHours(1))
                            .withCorrections(Corrections.DISCARD)))
            .results();
    PAssert.that(results)
        .satisfies(
            rows -> {
              TreeMap<Long, Long> sums = new TreeMap<>();
              rows.forEach(
                  row ->
                      sums.merge(
                          row.getDateTime("window_start").getMillis() / 1000,
                          row.getInt64("cents"),
                          Long::sum));
              assertThat(sums, equalTo(expected));
              return null;
            });
    pipeline.run().waitUntilFinish();
  }

  private TestStream<Sale> lateStream() {
    return start
        .addElements(sale(1, "north", 1))
        .advanceWatermarkTo(second(10))
        .addElements(sale(2, "north", 10))
        .advanceWatermarkTo(second(15))
        .addElements(sale(3, "north", 100), sale(4, "south", 5))
        .advanceWatermarkTo(second(20).plus(Duration.millis(1)))
        .addElements(sale(5, "north", 1000))
        .advanceWatermarkToInfinity();
  }

  private static TimestampedValue<Sale> sale(double second, String shop, long cents) {
    return Sale.at(second, shop, cents).timestamped();
  }

  private static Instant second(long second) {
    return Instant.ofEpochSecond(second);
  }

  private static void check(
      TestRunner runner,
      TestStream<Sale> stream,
      AggregateByWindow.Aggregation<Sale> aggregation,
      List<String> results,
      List<String> tooLate) {
    PipelineOptions options = runner.options();
    // While a bundle is open, Flink holds back the watermark; and two tasks know no common order.
    options.as(FlinkPipelineOptions.class).setMaxBundleSize(1L);
    options.as(FlinkPipelineOptions.class).setParallelism(1);
    Pipeline pipeline = Pipeline.create(options);
    AggregateByWindow.Result result = pipeline.apply(stream).apply(aggregation);
    expect(result.results(), results);
    expect(result.tooLate(), tooLate);
    PipelineResult run = pipeline.run();
    run.waitUntilFinish();
    assertThat(droppedForLateness(run), equalTo(0L));
  }

  private static void expect(PCollection<Row> rows, List<String> expected) {
    PAssert.that(rows)
        .satisfies(
            all -> {
              List<String> texts =
                  new ArrayList<>(
                      StreamSupport.stream(all.spliterator(), false)
                          .map(AggregateByWindowTest::text)
                          .toList());
              texts.sort(null);
              assertThat(String.join("\n", texts), equalTo(String.join("\n", expected)));
              return null;
            });
  }

  /** What the runner itself dropped. */
  private static long droppedForLateness(PipelineResult run) {
    long dropped = 0;
    for (MetricResult<Long> counter :
        run.metrics()
            .queryMetrics(
                MetricsFilter.builder()
                    .addNameFilter(
                        MetricNameFilter.named(
                            "org.apache.beam.runners.core.LateDataDroppingDoFnRunner$LateDataFilter",
                            "DroppedDueToLateness"))
                    .build())
            .getCounters()) {
      dropped += counter.getAttempted();
    }
    return dropped;
  }

  private static String text(Row row) {
    return row.getString("shop")
        + window(row)
        + row.getString("pane")
        + " "
        + (row.getBoolean("retraction") ? "-" : "")
        + row.getInt64("revision")
        + ": "
        + String.join(
            ", ",
            row.getValues().subList(7, row.getFieldCount()).stream().map(String::valueOf).toList());
  }

  private static String window(Row row) {
    if (row.getDateTime("window_start") == null) {
      return " ";
    }
    return " ["
        + row.getDateTime("window_start").getMillis() / 1000
        + ", "
        + row.getDateTime("window_end").getMillis() / 1000
        + ") ";
  }
}
