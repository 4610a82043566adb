package io.millrace.transforms.warehouse;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.in;
import static org.hamcrest.Matchers.is;

import io.millrace.schemas.ChangeEvent;
import io.millrace.schemas.ChangeEventCoder;
import io.millrace.schemas.contract.Contract;
import io.millrace.transforms.TestRunner;
import java.util.List;
import org.apache.beam.runners.flink.FlinkPipelineOptions;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.testing.TestStream;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.TimestampedValue;
import org.joda.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What {@code _millrace.progress} says, and what is in the tables whenever it says so. */
@Timeout(120)
class ProgressTest {
  private static final Contract CONTRACT =
      TestTable.contract("t: key id integer; a text", "u: key id integer; a text");
  private static final TestTable T = TestTable.of(CONTRACT, "t");
  private static final TestTable U = TestTable.of(CONTRACT, "u");

  private TestWarehouse database;

  @BeforeEach
  void start() {
    database = TestWarehouse.create();
    WarehouseTables.prepare(database.warehouse(), CONTRACT);
    ToldProgress.watch(database);
  }

  @AfterEach
  void stop() {
    database.close();
  }

  private void write(PCollection<ChangeEvent> events) {
    events.apply("Warehouse", WriteWarehouse.to(database.warehouse(), CONTRACT));
    events.getPipeline().run().waitUntilFinish();
  }

  private void writeBounded(TestRunner runner, List<ChangeEvent> events) {
    Pipeline pipeline = runner.pipeline();
    write(pipeline.apply(Create.of(events).withCoder(ChangeEventCoder.of())));
  }

  private void writeStream(TestRunner runner, TestStream.Builder<ChangeEvent> stream) {
    PipelineOptions options = runner.options();
    // Flink holds the watermark while a bundle is open, and this input is over within one.
    options.as(FlinkPipelineOptions.class).setMaxBundleSize(1L);
    write(
        TestPipeline.fromOptions(options)
            .enableAbandonedNodeEnforcement(false)
            .apply(stream.advanceWatermarkToInfinity()));
  }

  private static TestStream.Builder<ChangeEvent> stream() {
    return TestStream.create(ChangeEventCoder.of());
  }

  /** The second after the tests' start, as the watermark tells it. */
  private static Instant second(long second) {
    return Instant.ofEpochMilli(TestTable.committedAt(second) / 1_000);
  }

  private static ChangeEvent committed(ChangeEvent event, long second) {
    return event.toBuilder().setCommittedAt(TestTable.committedAt(second)).build();
  }

  private static TimestampedValue<ChangeEvent> received(ChangeEvent event, long second) {
    return TimestampedValue.of(
        event.toBuilder().setReceivedAt(TestTable.committedAt(second)).build(), second(second));
  }

  private static ChangeEvent row(TestTable table, long position) {
    return table.upsert(position, "{\"id\":" + position + ",\"a\":null}");
  }

  /** Other runners than Direct may pass over a watermark, so they may tell less. */
  private void assertTold(TestRunner runner, String... told) {
    assertThat(
        ToldProgress.in(database),
        runner == TestRunner.DIRECT ? contains(told) : everyItem(in(told)));
  }

  @ParameterizedTest
  @EnumSource
  void aTransactionIsNamedOnceAllItsRowsAreInAllTables(TestRunner runner) {
    writeStream(
        runner,
        stream()
            .addElements(received(row(T, 5), 5))
            .addElements(
                received(committed(row(T, 10), 10), 10), received(committed(row(T, 11), 10), 11))
            .advanceWatermarkTo(second(12))
            .addElements(received(committed(row(U, 12), 10), 13))
            .advanceWatermarkTo(second(14))
            .addElements(received(row(T, 20), 20))
            .advanceWatermarkTo(second(21)));
    assertTold(runner, "00:00:05 with 1", "00:00:10 with 4");
  }

  @Test
  void transactionsOfOneCommitTimeAreNamedTogether() {
    writeStream(
        TestRunner.DIRECT,
        stream()
            .addElements(received(row(T, 5), 5))
            .addElements(
                received(committed(row(T, 11), 10).toBuilder().setTransactionId("1").build(), 11))
            .advanceWatermarkTo(second(12))
            .addElements(
                received(committed(row(T, 13), 10).toBuilder().setTransactionId("2").build(), 13))
            .advanceWatermarkTo(second(14))
            .addElements(received(row(T, 20), 20))
            .advanceWatermarkTo(second(21)));
    assertThat(ToldProgress.in(database), contains("00:00:05 with 1", "00:00:10 with 3"));
  }

  @Test
  void aLaterCommitTellsNothingUntilAllThatWasReceivedBeforeItIsThere() {
    writeStream(
        TestRunner.DIRECT,
        stream()
            .addElements(received(committed(row(T, 10), 10), 11), received(row(T, 20), 22))
            .advanceWatermarkTo(second(12))
            .addElements(received(committed(row(U, 12), 10), 13))
            .advanceWatermarkTo(second(22))
            .addElements(received(row(T, 40), 40))
            .advanceWatermarkTo(second(23)));
    assertThat(ToldProgress.in(database), contains("00:00:10 with 2"));
  }

  @ParameterizedTest
  @EnumSource
  void rowsOfASnapshotTellOfNoCommit(TestRunner runner) {
    writeStream(
        runner,
        stream()
            .addElements(received(T.snapshotStart(1), 1), received(T.read(1, "{\"id\":1}"), 1))
            .addElements(received(U.read(2, "{\"id\":2}"), 2), received(U.snapshotEnd(2), 2))
            .advanceWatermarkTo(second(9))
            .addElements(received(row(T, 10), 10))
            .advanceWatermarkTo(second(19))
            .addElements(received(row(T, 20), 20))
            .advanceWatermarkTo(second(29)));
    assertTold(runner, "00:00:10 with 3");
  }

  @Test
  void anUnboundedInputWithoutCommitTimesTellsOfNoCommit() {
    ChangeEvent timeless = row(T, 5).toBuilder().setCommittedAt(ChangeEvent.NO_TIME).build();
    writeStream(
        TestRunner.DIRECT,
        stream()
            .addElements(received(timeless, 5), received(row(T, 10), 10))
            .advanceWatermarkTo(second(19)));
    assertThat(database.query("SELECT id FROM t ORDER BY id"), contains("5", "10"));
    assertThat(ToldProgress.in(database), is(empty()));
  }

  @Test
  void progressGoesOnInStepsUntilTheInputIsStopped() {
    writeStream(
        TestRunner.DIRECT,
        stream()
            .addElements(received(row(T, 10), 10), received(row(T, 30), 30))
            .advanceWatermarkTo(second(20))
            .addElements(received(row(T, 22), 22))
            .advanceWatermarkTo(second(35))
            .addElements(received(row(T, 40), 40), received(row(T, 50), 50))
            .advanceWatermarkTo(second(49)));
    assertThat(
        database.query("SELECT id FROM t ORDER BY id"), contains("10", "22", "30", "40", "50"));
    assertThat(ToldProgress.in(database), contains("00:00:22 with 2"));
  }

  @ParameterizedTest
  @EnumSource
  void boundedInputAdvancesProgressToItsNewestCommit(TestRunner runner) {
    writeBounded(
        runner,
        List.of(row(T, 9), T.read(7, "{\"id\":7}"), U.delete(12, "{\"id\":12}"), row(T, 11)));
    assertThat(ToldProgress.in(database), contains("00:00:12 with 4"));
    assertThat(
        database.query("SELECT source || ' ' || encode(position, 'hex') FROM _millrace.progress"),
        contains("shop 80810c"));
  }

  @Test
  void boundedInputWithoutCommitTimesAdvancesProgressToItsNewestPosition() {
    Pipeline pipeline = TestRunner.DIRECT.pipeline();
    List<ChangeEvent> events =
        List.of(row(T, 3), row(T, 5), row(T, 4)).stream()
            .map(event -> event.toBuilder().setCommittedAt(ChangeEvent.NO_TIME).build())
            .toList();
    pipeline
        .apply(Create.of(events).withCoder(ChangeEventCoder.of()))
        .apply(WriteWarehouse.to(database.warehouse().withSource("clock-less"), CONTRACT));
    pipeline.run().waitUntilFinish();
    assertThat(
        database.query(
            "SELECT source || ' ' || encode(position, 'hex') FROM _millrace.progress"
                + " WHERE committed_at IS NULL"),
        contains("clock-less 808105"));
  }

  @Test
  void progressOnlyGoesForward() {
    writeBounded(TestRunner.DIRECT, List.of(row(T, 20)));
    writeBounded(TestRunner.DIRECT, List.of(row(T, 10)));
    assertThat(ToldProgress.in(database), contains("00:00:20 with 1"));
  }
}
