package io.millrace.transforms.warehouse;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.millrace.schemas.ChangeEvent;
import io.millrace.schemas.ChangeEventCoder;
import io.millrace.schemas.contract.Contract;
import io.millrace.transforms.TestRunner;
import io.millrace.transforms.quality.DeadLetter;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.metrics.MetricNameFilter;
import org.apache.beam.sdk.metrics.MetricResult;
import org.apache.beam.sdk.metrics.MetricsFilter;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.testing.TestStream;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.display.DisplayData;
import org.apache.beam.sdk.transforms.windowing.FixedWindows;
import org.apache.beam.sdk.transforms.windowing.Window;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.TimestampedValue;
import org.joda.time.Duration;
import org.joda.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(120)
class WriteWarehouseTest {
  private static final Contract CONTRACT =
      TestTable.contract("t: key id integer; a text; b text", "u: key id integer; v jsonb");
  private static final TestTable T = TestTable.of(CONTRACT, "t");
  private static final TestTable U = TestTable.of(CONTRACT, "u");

  private TestWarehouse database;
  private Warehouse warehouse;

  @BeforeEach
  void start() {
    database = TestWarehouse.create();
    warehouse = database.warehouse();
  }

  @AfterEach
  void stop() {
    database.close();
  }

  private PCollection<DeadLetter> write(PCollection<ChangeEvent> events) {
    WarehouseTables.prepare(warehouse, CONTRACT);
    database.execute("ALTER TABLE u ADD CHECK (v <> '{\"forbidden\":1}')");
    return events.apply("Warehouse", WriteWarehouse.to(warehouse, CONTRACT)).deadLetters();
  }

  private static PCollection<ChangeEvent> bounded(Pipeline pipeline, List<ChangeEvent> events) {
    return pipeline.apply(
        Create.timestamped(events.stream().map(WriteWarehouseTest::atCommit).toList())
            .withCoder(ChangeEventCoder.of()));
  }

  private static TimestampedValue<ChangeEvent> atCommit(ChangeEvent event) {
    long micros = event.committedAt();
    return TimestampedValue.of(
        event, Instant.ofEpochMilli(micros == ChangeEvent.NO_TIME ? 0 : micros / 1_000));
  }

  @ParameterizedTest
  @EnumSource
  void whatTheWarehouseRefusesIsADeadLetterAndTheRestIsWritten(TestRunner runner) {
    Pipeline pipeline = runner.pipeline();
    PCollection<DeadLetter> deadLetters =
        write(
            bounded(
                pipeline,
                List.of(
                    U.upsert(1, "{\"id\":1,\"v\":1}"),
                    U.upsert(2, "{\"id\":2,\"v\":{\"forbidden\":1}}"),
                    U.upsert(3, "{\"id\":3,\"v\":3}"),
                    T.upsert(4, "{\"id\":4,\"a\":\"a\",\"b\":\"b\"}"))));
    PAssert.thatSingleton(deadLetters)
        .satisfies(
            letter -> {
              assertThat(letter.stage(), is(DeadLetter.Stage.WAREHOUSE));
              assertThat(letter.change().position(), is(TestTable.position(2)));
              assertThat(letter.message(), containsString("23514"));
              return null;
            });
    pipeline.run().waitUntilFinish();
    assertThat(database.query("SELECT id FROM u_live ORDER BY id"), contains("1", "3"));
    assertThat(database.query("SELECT id FROM t_live"), contains("4"));
  }

  private List<String> progress() {
    return database.query(
        "SELECT source || ' ' || encode(position, 'hex') || ' ' || coalesce(committed_at::text, '-')"
            + " FROM _millrace.progress");
  }

  @ParameterizedTest
  @EnumSource
  void boundedInputAdvancesProgressToItsNewestCommit(TestRunner runner) {
    database.execute("SET TimeZone = 'UTC'");
    Pipeline pipeline = runner.pipeline();
    write(
        bounded(
            pipeline,
            List.of(
                T.upsert(9, "{\"id\":9,\"a\":null,\"b\":null}"),
                T.upsert(7, "{\"id\":7,\"a\":null,\"b\":null}"),
                U.delete(12, "{\"id\":12}"),
                T.delete(11, "{\"id\":9}"))));
    pipeline.run().waitUntilFinish();
    assertThat(progress(), contains("shop 80810c 2026-01-01 00:00:12+00"));
  }

  @Test
  void boundedInputWithoutCommitTimesAdvancesProgressToItsNewestPosition() {
    warehouse = warehouse.withSource("clock-less");
    Pipeline pipeline = TestRunner.DIRECT.pipeline();
    write(
        bounded(
            pipeline,
            Stream.of(
                    T.delete(3, "{\"id\":1}"), T.delete(5, "{\"id\":1}"), T.delete(4, "{\"id\":1}"))
                .map(event -> event.toBuilder().setCommittedAt(ChangeEvent.NO_TIME).build())
                .toList()));
    pipeline.run().waitUntilFinish();
    assertThat(progress(), contains("clock-less 808105 -"));
  }

  @Test
  void progressOnlyGoesForward() {
    database.execute("SET TimeZone = 'UTC'");
    for (int position : List.of(20, 10)) {
      Pipeline pipeline = TestRunner.DIRECT.pipeline();
      write(bounded(pipeline, List.of(T.delete(position, "{\"id\":1}"))));
      pipeline.run().waitUntilFinish();
    }
    assertThat(progress(), contains("shop 808114 2026-01-01 00:00:20+00"));
  }

  private static Instant committed(long position) {
    return Instant.ofEpochMilli(TestTable.committedAt(position) / 1_000);
  }

  private static ChangeEvent received(ChangeEvent event, long position) {
    return event.toBuilder().setReceivedAt(TestTable.committedAt(position)).build();
  }

  @Test
  void unboundedInputAdvancesProgressToWhatTheWatermarkHasPassed() {
    database.execute("SET TimeZone = 'UTC'");
    Pipeline pipeline = TestRunner.DIRECT.pipeline();
    TestStream<ChangeEvent> stream =
        TestStream.create(ChangeEventCoder.of())
            .addElements(atCommit(T.delete(10, "{\"id\":1}")), atCommit(T.delete(30, "{\"id\":2}")))
            .advanceWatermarkTo(committed(20))
            .addElements(atCommit(T.delete(22, "{\"id\":3}")))
            .advanceWatermarkTo(committed(25))
            .addElements(atCommit(T.delete(40, "{\"id\":4}")))
            .advanceWatermarkTo(committed(35))
            .advanceWatermarkToInfinity();
    write(pipeline.apply(stream));
    pipeline.run().waitUntilFinish();
    assertThat(database.query("SELECT id FROM t ORDER BY id"), contains("1", "2", "3", "4"));
    List<String> progress = progress();
    assertThat(progress.toString(), not(containsString(":40+00")));
    assertThat(progress, contains("shop 80811e 2026-01-01 00:00:30+00"));
  }

  @Test
  void progressWaitsForTheWatermarkToPassTheTimeOfReceipt() {
    Pipeline pipeline = TestRunner.DIRECT.pipeline();
    TestStream<ChangeEvent> stream =
        TestStream.create(ChangeEventCoder.of())
            .addElements(atCommit(received(T.delete(10, "{\"id\":1}"), 50)))
            .advanceWatermarkTo(committed(49))
            .advanceWatermarkToInfinity();
    write(pipeline.apply(stream));
    pipeline.run().waitUntilFinish();
    assertThat(database.query("SELECT id FROM t"), contains("1"));
    assertThat(progress(), is(empty()));
  }

  @Test
  void countsWhatBecameOfTheChanges() {
    Pipeline pipeline = TestRunner.DIRECT.pipeline();
    write(
        bounded(
            pipeline,
            List.of(
                T.upsert(1, "{\"id\":1,\"a\":\"a\",\"b\":\"b\"}"),
                T.upsert(2, "{\"id\":1,\"a\":\"a\",\"b\":\"b\"}"),
                T.upsert(3, "{\"id\":2,\"a\":\"a\",\"b\":\"b\"}"),
                T.delete(4, "{\"id\":3}"),
                U.upsert(5, "{\"id\":1,\"v\":{\"forbidden\":1}}"))));
    PipelineResult result = pipeline.run();
    result.waitUntilFinish();
    long upserted = counter(result, "rows_upserted");
    long superseded = counter(result, "rows_superseded");
    assertThat("by batching one is written twice or not", upserted + superseded, is(3L));
    assertThat(upserted >= 2, is(true));
    assertThat(counter(result, "rows_deleted"), is(1L));
    assertThat(counter(result, "rows_refused"), is(1L));
    assertThat(counter(result, "batches") >= 1, is(true));
  }

  @Test
  @SuppressWarnings("unchecked") // An array of a generic type, which TestStream asks for.
  void firstBatchOfABundleIsAQuarterOfTheOthers() {
    WarehouseTables.prepare(warehouse, CONTRACT);
    Pipeline pipeline = TestRunner.DIRECT.pipeline();
    TimestampedValue<ChangeEvent>[] changes =
        IntStream.range(0, 20)
            .mapToObj(id -> atCommit(T.upsert(id, "{\"id\":" + id + ",\"a\":\"a\",\"b\":\"b\"}")))
            .toArray(TimestampedValue[]::new);
    pipeline
        .apply(
            TestStream.create(ChangeEventCoder.of())
                .addElements(changes[0], Arrays.copyOfRange(changes, 1, changes.length))
                .advanceWatermarkToInfinity())
        .apply(WriteWarehouse.to(warehouse.withBatchEvents(8), CONTRACT));
    PipelineResult result = pipeline.run();
    result.waitUntilFinish();
    assertThat("2, 8, 8 and the last 2", counter(result, "batches"), is(4L));
    assertThat(counter(result, "rows_upserted"), is(20L));
  }

  /** What a counter came to: 0 where nothing was counted. */
  private static long counter(PipelineResult result, String name) {
    MetricsFilter filter =
        MetricsFilter.builder().addNameFilter(MetricNameFilter.named("millrace", name)).build();
    long sum = 0;
    for (MetricResult<Long> counter : result.metrics().queryMetrics(filter).getCounters()) {
      sum += counter.getAttempted();
    }
    return sum;
  }

  @Test
  void failureOfTheSurroundingsFailsTheRun() {
    Pipeline pipeline = TestRunner.DIRECT.pipeline();
    write(bounded(pipeline, List.of(T.delete(1, "{\"id\":1}"))));
    database.execute("DROP TABLE t CASCADE");
    Pipeline.PipelineExecutionException failure =
        assertThrows(Pipeline.PipelineExecutionException.class, pipeline::run);
    assertThat(failure.getCause().getMessage(), containsString("\"public.t\" does not exist"));
  }

  @Test
  void inputMustBeInTheGlobalWindow() {
    Pipeline pipeline = TestRunner.DIRECT.pipeline();
    PCollection<ChangeEvent> windowed =
        bounded(pipeline, List.of(T.delete(1, "{\"id\":1}")))
            .apply(Window.into(FixedWindows.of(Duration.standardMinutes(1))));
    assertThrows(
        IllegalArgumentException.class,
        () -> windowed.apply(WriteWarehouse.to(warehouse, CONTRACT)));
  }

  @Test
  void displayDataShowsTheWarehouse() {
    DisplayData shown = DisplayData.from(WriteWarehouse.to(warehouse, CONTRACT));
    assertThat(
        shown.items().stream().map(DisplayData.Item::getKey).toList(),
        containsInAnyOrder(
            "contract",
            "url",
            "user",
            "schema",
            "deletes",
            "unknownColumns",
            "history",
            "batchEvents",
            "batchBytes",
            "progress"));
  }
}
