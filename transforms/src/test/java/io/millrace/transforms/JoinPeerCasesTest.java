package io.millrace.transforms;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.transforms.entity.Evolution;
import io.millrace.transforms.entity.EvolveEntity;
import io.millrace.transforms.join.JoinStreams;
import io.millrace.transforms.join.Joined;
import io.millrace.transforms.join.JoinedStreams;
import io.millrace.transforms.join.KeyedStreams;
import io.millrace.transforms.oracle.DroppedForLateness;
import io.millrace.transforms.oracle.Gathered;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.beam.runners.flink.FlinkPipelineOptions;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.testing.TestStream;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.Filter;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.Values;
import org.apache.beam.sdk.transforms.WithKeys;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.TimestampedValue;
import org.apache.beam.sdk.values.TypeDescriptors;
import org.joda.time.Duration;
import org.joda.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Joins of streams as Kafka Streams' and Flink's tests have them, in {@code ../shared/peercases}.
 * {@code docs/joins.md} argues what differs: elements without a value or without a key are left out
 * before a join.
 */
@EnabledIf(
    value = "io.millrace.transforms.PeerFiles#areThere",
    disabledReason = "no ../shared/peercases beside the project")
class JoinPeerCasesTest {
  private static final KvCoder<Integer, String> CODER =
      KvCoder.of(VarIntCoder.of(), StringUtf8Coder.of());

  /** An element of one side, which its value's first letter tells. */
  private record Arrival(String side, int key, String value, long millis) {
    TimestampedValue<KV<Integer, String>> element() {
      return TimestampedValue.of(KV.of(key, side + value), Instant.ofEpochMilli(millis));
    }
  }

  @AfterEach
  void forgetWhatIsLeft() {
    Gathered.clear();
  }

  static Stream<Arguments> kafkaStreamsCases() throws IOException {
    List<String> cases = PeerFiles.names("kafka-streams-joins", "StreamStreamJoin");
    assertThat(cases, is(not(empty())));
    return Arrays.stream(TestRunner.values())
        .flatMap(runner -> cases.stream().map(name -> Arguments.of(runner, name)));
  }

  /** What each input emits follows from event time: a pair has the time of the later input. */
  @ParameterizedTest
  @MethodSource("kafkaStreamsCases")
  void joinsOfKafkaStreams(TestRunner runner, String name) throws IOException {
    JsonNode scenario = PeerFiles.json("kafka-streams-joins/" + name);
    List<Arrival> arrivals = new ArrayList<>();
    List<String> expected = new ArrayList<>();
    for (JsonNode event : scenario.get("events")) {
      if (!event.get("key").isNull() && !event.get("value").isNull()) {
        arrivals.add(
            new Arrival(
                event.get("side").asText().substring(0, 1),
                event.get("key").asInt(),
                event.get("value").asText(),
                event.get("ts").asLong()));
        for (JsonNode emitted : event.get("emits")) {
          expected.add(emitted.get("value").asText() + " @" + emitted.get("ts").asLong());
        }
      }
    }
    String join = scenario.get("join").asText();
    List<String> emitted =
        run(runner, arrivals, Duration.ZERO, events -> kafkaStreamsJoin(join, events));
    if (runner == TestRunner.DIRECT) {
      assertThat(inOrder(emitted), is(emitted));
    }
    assertThat(emitted, containsInAnyOrder(expected.toArray()));
  }

  private static PCollection<String> kafkaStreamsJoin(
      String join, PCollection<KV<Integer, String>> events) {
    PCollection<KV<Integer, String>> left = side("l", events);
    PCollection<KV<Integer, String>> right = side("r", events);
    if (join.contains("selectKey")) {
      left = repartitioned("Left", left);
      right = repartitioned("Right", right);
    }
    JoinStreams.Join<Integer, String, String> within =
        JoinStreams.<Integer, String, String>within(Duration.standardSeconds(10))
            .withAllowedLateness(Duration.standardHours(24));
    if (join.contains("join( leftStream")) {
      return texts("Self", KeyedStreams.of(left, left).apply(within));
    }
    if (join.contains(".leftJoin(")) {
      return texts("Left", KeyedStreams.of(left, right).apply(within.leftOuter()));
    }
    if (join.contains(".outerJoin(")) {
      return texts("Outer", KeyedStreams.of(left, right).apply(within.fullOuter()));
    }
    PCollection<String> pairs = texts("Inner", KeyedStreams.of(left, right).apply(within));
    if (!join.matches(".*[.]join[(].*[.]join[(].*")) {
      return pairs;
    }
    PCollection<KV<Integer, String>> first =
        pairs
            .apply(
                "KeyOfFirst",
                WithKeys.<Integer, String>of(0).withKeyType(TypeDescriptors.integers()))
            .setCoder(CODER);
    return texts("Second", KeyedStreams.of(first, right).apply("Again", within));
  }

  private static PCollection<KV<Integer, String>> side(
      String side, PCollection<KV<Integer, String>> events) {
    return events
        .apply(side, Filter.by(event -> event.getValue().startsWith(side)))
        .apply("Value " + side, ParDo.of(new WithoutSideFn()))
        .setCoder(CODER);
  }

  private static PCollection<KV<Integer, String>> repartitioned(
      String name, PCollection<KV<Integer, String>> events) {
    return events
        .apply("Values" + name, Values.create())
        .apply(
            "Keys" + name, WithKeys.<Integer, String>of(0).withKeyType(TypeDescriptors.integers()))
        .setCoder(CODER);
  }

  private static PCollection<String> texts(
      String name, JoinedStreams<Integer, String, String> joined) {
    return joined
        .joined()
        .apply(
            "Text" + name,
            MapElements.into(TypeDescriptors.strings())
                .via(pair -> pair.getValue().left() + "-" + pair.getValue().right()));
  }

  @ParameterizedTest
  @EnumSource
  void intervalJoinOfFlink(TestRunner runner) throws IOException {
    checkFlink(runner, "flink-interval-join-5s", JoinStreams.within(Duration.standardSeconds(5)));
  }

  @ParameterizedTest
  @EnumSource
  void leftJoinOfFlinkWithAnEmptyInterval(TestRunner runner) throws IOException {
    checkFlink(
        runner,
        "flink-interval-left-join-empty-interval",
        JoinStreams.<Integer, String, String>within(
                Duration.standardSeconds(-5), Duration.standardSeconds(-5))
            .leftOuter());
  }

  /** Flink's test has periodic watermarks, so that it never sees that an order is late. */
  private static void checkFlink(
      TestRunner runner, String name, JoinStreams.Join<Integer, String, String> join)
      throws IOException {
    JsonNode scenario = flinkCase(name);
    List<Arrival> arrivals = new ArrayList<>();
    for (JsonNode order : scenario.get("orders")) {
      String time = order.get("order_ts").asText();
      arrivals.add(new Arrival("l", order.get("id").asInt(), time, millis(time)));
    }
    for (JsonNode shipment : scenario.get("shipments")) {
      String time = shipment.get("shipment_ts").asText();
      arrivals.add(new Arrival("r", shipment.get("order_id").asInt(), time, millis(time)));
    }
    // Both come as their times have them; of orders one is two seconds behind.
    arrivals.sort(
        Comparator.comparingLong(arrival -> arrival.millis() - (arrival.key() == 3 ? -2001 : 0)));
    List<String> expected = new ArrayList<>();
    for (JsonNode row : scenario.get("expected")) {
      expected.add(row.get(0).asInt() + " " + row.get(1).asText() + " " + row.get(2).asText());
    }
    List<String> emitted =
        run(
            runner,
            arrivals,
            Duration.standardSeconds(1),
            events ->
                KeyedStreams.of(side("l", events), side("r", events))
                    .apply(join.withAllowedLateness(Duration.standardSeconds(1)))
                    .joined()
                    .apply(
                        "Text",
                        MapElements.into(TypeDescriptors.strings()).via(JoinPeerCasesTest::row)));
    assertThat(
        emitted.stream().map(row -> row.replaceAll(" @.*", "")).toList(),
        containsInAnyOrder(expected.toArray()));
  }

  private static String row(KV<Integer, Joined<String, String>> joined) {
    return joined.getKey() + " " + joined.getValue().left() + " " + joined.getValue().right();
  }

  private static long millis(String time) {
    return Instant.parse(time.replace(' ', 'T') + "Z").getMillis();
  }

  @ParameterizedTest
  @EnumSource
  void theFirstOfEachProductByEventTime(TestRunner runner) throws IOException {
    checkDeduplicated(
        runner, "flink-dedup-keep-first", (kept, event) -> kept == null ? event : kept);
  }

  @ParameterizedTest
  @EnumSource
  void theLastOfEachProductByEventTime(TestRunner runner) throws IOException {
    checkDeduplicated(runner, "flink-dedup-keep-last", (kept, event) -> event);
  }

  /** What one keeps of repeated events is an entity that they make; its last revision counts. */
  private static void checkDeduplicated(
      TestRunner runner, String name, Evolution<String, String> evolution) throws IOException {
    JsonNode scenario = flinkCase(name);
    List<Arrival> arrivals = new ArrayList<>();
    for (JsonNode event : scenario.get("events")) {
      arrivals.add(
          new Arrival(
              "l",
              event.get("product").asText().hashCode(),
              event.get("order_id").asText() + " " + event.get("product").asText(),
              event.get("order_time_s").asLong()));
    }
    List<String> expected = new ArrayList<>();
    scenario
        .get("expected")
        .forEach(row -> expected.add(row.get(0).asText() + " " + row.get(2).asText()));
    List<String> emitted =
        run(
            runner,
            arrivals,
            Duration.ZERO,
            events ->
                side("l", events)
                    .apply(
                        EvolveEntity.<Integer, String, String>by(evolution, StringUtf8Coder.of()))
                    .entities()
                    .apply(
                        "Text",
                        MapElements.into(TypeDescriptors.strings())
                            .via(
                                said ->
                                    said.getKey()
                                        + ":"
                                        + said.getValue().revision()
                                        + ":"
                                        + said.getValue().entity())));
    Map<String, String> newest = new HashMap<>();
    for (String said :
        emitted.stream().sorted(Comparator.comparingLong(JoinPeerCasesTest::revision)).toList()) {
      newest.put(said.split(":", -1)[0], said.split(":", -1)[2].replaceAll(" @.*", ""));
    }
    assertThat(newest.values(), containsInAnyOrder(expected.toArray()));
  }

  private static long revision(String said) {
    return Long.parseLong(said.split(":", -1)[1]);
  }

  private static JsonNode flinkCase(String id) throws IOException {
    return StreamSupport.stream(
            PeerFiles.json("flink-cases.json").get("cases").spliterator(), false)
        .filter(scenario -> scenario.get("id").asText().equals(id))
        .findFirst()
        .orElseThrow();
  }

  /**
   * Runs a scenario and answers what it emits with timestamps, as it comes.
   *
   * @param disorder how far the watermark is behind the newest element
   */
  private static List<String> run(
      TestRunner runner,
      List<Arrival> arrivals,
      Duration disorder,
      Function<PCollection<KV<Integer, String>>, PCollection<String>> scenario) {
    PipelineOptions options = runner.options();
    options.as(FlinkPipelineOptions.class).setMaxBundleSize(1L);
    options.as(FlinkPipelineOptions.class).setParallelism(1);
    Pipeline pipeline = Pipeline.create(options);
    PCollection<KV<Integer, String>> events =
        runner == TestRunner.FLINK_BATCH
            ? pipeline.apply(
                Create.timestamped(arrivals.stream().map(Arrival::element).toList())
                    .withCoder(CODER))
            : pipeline.apply(stream(arrivals, disorder));
    scenario
        .apply(events)
        .apply("WithTime", ParDo.of(new WithTimeFn()))
        .apply("Gather", Gathered.as("emitted"));
    PipelineResult run = pipeline.run();
    run.waitUntilFinish();
    assertThat(DroppedForLateness.by(run), is(0L));
    return Gathered.take("emitted");
  }

  private static TestStream<KV<Integer, String>> stream(List<Arrival> arrivals, Duration disorder) {
    TestStream.Builder<KV<Integer, String>> stream = TestStream.create(CODER);
    Instant watermark = Instant.EPOCH;
    for (Arrival arrival : arrivals) {
      stream = stream.addElements(arrival.element());
      Instant next = Instant.ofEpochMilli(arrival.millis()).minus(disorder);
      if (next.isAfter(watermark)) {
        watermark = next;
        stream = stream.advanceWatermarkTo(watermark);
      }
    }
    return stream.advanceWatermarkToInfinity();
  }

  private static List<String> inOrder(List<String> emitted) {
    return emitted.stream()
        .sorted(Comparator.comparingLong(text -> Long.parseLong(text.split("@", -1)[1])))
        .toList();
  }

  static final class WithoutSideFn extends DoFn<KV<Integer, String>, KV<Integer, String>> {
    private static final long serialVersionUID = 1L;

    @ProcessElement
    public void process(
        @Element KV<Integer, String> event, OutputReceiver<KV<Integer, String>> out) {
      out.output(KV.of(event.getKey(), event.getValue().substring(1)));
    }
  }

  static final class WithTimeFn extends DoFn<String, String> {
    private static final long serialVersionUID = 1L;

    @ProcessElement
    public void process(@Element String text, @Timestamp Instant time, OutputReceiver<String> out) {
      out.output(text + " @" + time.getMillis());
    }
  }
}
