package io.millrace.transforms.warehouse;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.millrace.schemas.ChangeEvent;
import io.millrace.schemas.ChangeEventCoder;
import io.millrace.schemas.contract.Contract;
import io.millrace.transforms.TestRunner;
import io.millrace.transforms.quality.DeadLetter;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
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
