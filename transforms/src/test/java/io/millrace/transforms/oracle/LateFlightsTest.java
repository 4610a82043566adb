package io.millrace.transforms.oracle;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.is;

import io.millrace.testdata.flights.FlightEvent;
import io.millrace.testdata.flights.FlightEvents;
import io.millrace.transforms.TestRunner;
import io.millrace.transforms.time.LateCounts;
import io.millrace.transforms.time.LateElement;
import io.millrace.transforms.time.RouteLate;
import io.millrace.transforms.window.Aggregate;
import io.millrace.transforms.window.AggregateByWindow;
import io.millrace.transforms.window.Attribute;
import io.millrace.transforms.window.Corrections;
import io.millrace.transforms.window.LatePolicy;
import io.millrace.transforms.window.Windows;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.beam.runners.flink.FlinkPipelineOptions;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.testing.TestStream;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.Row;
import org.apache.beam.sdk.values.TimestampedValue;
import org.joda.time.Duration;
import org.joda.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * 20,000 events of flights, half of which come more than a quarter of an hour late and one more
 * than eight hours, at several bounds of the watermark: what is on time and what is late are all
 * there is, for every airline and hour.
 */
class LateFlightsTest {
  private static final int COUNT = 20_000;
  private static final int AT_ONCE = 100;
  private static final int LONGEST_LAG_MINUTES = 491;
  private static final Duration HOUR = Duration.standardHours(1);

  private static final String COUNTS =
      "SELECT airline, occurred // 3600000 * 3600000, count(*) FROM events GROUP BY ALL";

  private static final List<FlightEvent> FLIGHTS = FlightEvents.generate(7, COUNT);

  @TempDir private Path directory;

  @AfterEach
  void forgetWhatIsLeft() {
    Gathered.clear();
  }

  @ParameterizedTest
  @CsvSource({
    "DIRECT, 0, 0",
    "DIRECT, 15, 0",
    "DIRECT, 60, 0",
    "DIRECT, 180, 0",
    "DIRECT, 600, 0",
    "DIRECT, 15, 60",
    "FLINK_STREAMING, 0, 0",
    "FLINK_STREAMING, 15, 0",
    "FLINK_STREAMING, 60, 0",
    "FLINK_STREAMING, 180, 0",
    "FLINK_STREAMING, 600, 0",
    "FLINK_STREAMING, 15, 60"
  })
  void onTimeAndLateAreAll(TestRunner runner, int boundMinutes, int latenessMinutes)
      throws Exception {
    Duration bound = Duration.standardMinutes(boundMinutes);
    Duration lateness = Duration.standardMinutes(latenessMinutes);
    run(runner, bound, flights -> gather(flights.apply("Count", counting(lateness))));

    Map<String, Long> counts = new TreeMap<>();
    Gathered.<Row>take("results").forEach(row -> add(row, counts));
    long inTime = total(counts);
    Gathered.<Row>take("tooLate").forEach(row -> add(row, counts));
    assertThat(Differences.between(inTruth(), lines(counts)), is(empty()));
    assertThat(COUNT - inTime, equalTo(tooLate(bound, lateness)));
    assertThat(inTime == COUNT, is(boundMinutes > LONGEST_LAG_MINUTES));
  }

  @ParameterizedTest
  @CsvSource({
    "DIRECT, 0, 0",
    "DIRECT, 15, 60",
    "FLINK_STREAMING, 0, 0",
    "FLINK_STREAMING, 15, 0",
    "FLINK_STREAMING, 60, 0",
    "FLINK_STREAMING, 180, 0",
    "FLINK_STREAMING, 600, 0",
    "FLINK_STREAMING, 15, 60"
  })
  void whatIsRoutedBeforeIsMissedByNoWindow(
      TestRunner runner, int boundMinutes, int latenessMinutes) throws Exception {
    Duration lateness = Duration.standardMinutes(latenessMinutes);
    run(
        runner,
        Duration.standardMinutes(boundMinutes),
        flights -> {
          RouteLate.Result<FlightEvent> routed =
              flights.apply(
                  "Route",
                  RouteLate.<FlightEvent>after(lateness)
                      .countedBy(FlightEvent::airline)
                      .withBuckets(3));
          gather(routed.onTime().apply("Count", counting(lateness)));
          routed.tooLate().apply("Gather routed", Gathered.as("routed"));
          routed.counts().apply("Gather counts", Gathered.as("counts"));
        });

    assertThat(Gathered.take("tooLate"), is(empty()));
    Map<String, Long> counts = new TreeMap<>();
    Gathered.<Row>take("results").forEach(row -> add(row, counts));
    long inTime = total(counts);
    List<LateElement<FlightEvent>> routed = Gathered.take("routed");
    for (LateElement<FlightEvent> late : routed) {
      counts.merge(key(late.element().airline(), late.element().occurred()), 1L, Long::sum);
    }
    assertThat(Differences.between(inTruth(), lines(counts)), is(empty()));
    assertThat(inTime == COUNT, is(boundMinutes > LONGEST_LAG_MINUTES));

    Map<String, LateCounts> last = new HashMap<>();
    for (LateCounts one : Gathered.<LateCounts>take("counts")) {
      last.merge(
          key(one.source(), one.hour().getMillis()),
          one,
          (before, now) -> now.all() > before.all() ? now : before);
    }
    Map<String, Long> counted = new TreeMap<>();
    last.forEach((key, one) -> counted.put(key, one.all()));
    assertThat(Differences.between(inTruth(), lines(counted)), is(empty()));
    assertThat(
        last.values().stream().mapToLong(LateCounts::tooLate).sum(), equalTo((long) routed.size()));
  }

  private static AggregateByWindow.Aggregation<FlightEvent> counting(Duration lateness) {
    return AggregateByWindow.<FlightEvent>in(Windows.tumbling(HOUR))
        .by(Attribute.string("airline", FlightEvent::airline))
        .compute(Aggregate.count("events"))
        .withBuckets(3)
        .withLatePolicy(LatePolicy.allowing(lateness).withCorrections(Corrections.RETRACT));
  }

  private static void gather(AggregateByWindow.Result counts) {
    counts.results().apply("Gather", Gathered.as("results"));
    counts.tooLate().apply("Gather late", Gathered.as("tooLate"));
  }

  private static void run(
      TestRunner runner, Duration bound, Consumer<PCollection<FlightEvent>> steps) {
    PipelineOptions options = runner.options();
    // While a bundle is open, Flink holds back the watermark; and two tasks know no common order.
    options.as(FlinkPipelineOptions.class).setMaxBundleSize(1L);
    options.as(FlinkPipelineOptions.class).setParallelism(1);
    Pipeline pipeline = Pipeline.create(options);
    steps.accept(pipeline.apply("Flights", stream(bound)));
    PipelineResult run = pipeline.run();
    run.waitUntilFinish();
    assertThat(DroppedForLateness.by(run), equalTo(0L));
  }

  /** Some events at a time, then the watermark: the newest occurrence so far less the bound. */
  private static TestStream<FlightEvent> stream(Duration bound) {
    TestStream.Builder<FlightEvent> stream =
        TestStream.create(SerializableCoder.of(FlightEvent.class));
    long newest = 0;
    for (int from = 0; from < COUNT; from += AT_ONCE) {
      List<FlightEvent> events = FLIGHTS.subList(from, Math.min(COUNT, from + AT_ONCE));
      List<TimestampedValue<FlightEvent>> timed = new ArrayList<>();
      for (FlightEvent event : events) {
        timed.add(TimestampedValue.of(event, Instant.ofEpochMilli(event.occurred())));
        newest = Math.max(newest, event.occurred());
      }
      stream = stream.addElements(timed.get(0), timed.subList(1, timed.size()).toArray(none()));
      stream = stream.advanceWatermarkTo(Instant.ofEpochMilli(newest).minus(bound));
    }
    return stream.advanceWatermarkToInfinity();
  }

  @SuppressWarnings({"unchecked", "rawtypes"}) // there are no arrays of a generic type
  private static TimestampedValue<FlightEvent>[] none() {
    return new TimestampedValue[0];
  }

  /** How many events find their hour over, by the watermark that {@link #stream} has then. */
  private static long tooLate(Duration bound, Duration lateness) {
    long tooLate = 0;
    long watermark = Long.MIN_VALUE;
    long newest = 0;
    for (int i = 0; i < COUNT; i++) {
      long occurred = FLIGHTS.get(i).occurred();
      long end = occurred - occurred % HOUR.getMillis() + HOUR.getMillis();
      tooLate += end + lateness.getMillis() < watermark ? 1 : 0;
      newest = Math.max(newest, occurred);
      watermark = i % AT_ONCE == AT_ONCE - 1 ? newest - bound.getMillis() : watermark;
    }
    return tooLate;
  }

  /** Adds a count of an airline and hour, or takes away one that is retracted. */
  private static void add(Row row, Map<String, Long> counts) {
    long events = row.getInt64("events");
    counts.merge(
        key(row.getString("airline"), row.getDateTime("window_start").getMillis()),
        row.getBoolean("retraction") ? -events : events,
        Long::sum);
  }

  private static String key(String airline, long time) {
    return airline + "|" + (time - time % HOUR.getMillis());
  }

  private static long total(Map<String, Long> counts) {
    return counts.values().stream().mapToLong(count -> count).sum();
  }

  private static List<String> lines(Map<String, Long> counts) {
    return counts.entrySet().stream()
        .map(count -> count.getKey() + "|" + count.getValue())
        .toList();
  }

  private List<String> inTruth() throws Exception {
    Path csv = directory.resolve("flights.csv");
    FlightEvents.writeCsv(FLIGHTS, csv);
    try (Oracle oracle = new Oracle(csv)) {
      return oracle.rows(COUNTS);
    }
  }
}
