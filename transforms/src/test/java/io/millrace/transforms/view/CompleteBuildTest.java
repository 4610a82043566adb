package io.millrace.transforms.view;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.is;

import io.millrace.schemas.RecordBlock;
import io.millrace.schemas.contract.TableContract;
import io.millrace.transforms.TestRunner;
import io.millrace.transforms.TimedPipeline;
import io.millrace.transforms.oracle.Gathered;
import io.millrace.transforms.warehouse.TestTable;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.schemas.Schema;
import org.apache.beam.sdk.testing.TestStream;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;
import org.apache.beam.sdk.values.Row;
import org.apache.beam.sdk.values.TypeDescriptors;
import org.joda.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(120)
class CompleteBuildTest {
  private static final String END = "{\"table\":\"source.v\",\"op\":\"snapshot\",\"position\":0}";
  private static final TableContract VIEW = TestTable.contract("v: key id integer").tables().get(0);
  private static final Schema ROW = Schema.builder().addInt32Field("id").build();
  private static final Instant LAUNCHED = Instant.parse("2026-05-01T12:00:00Z");

  private static Row row(int id) {
    return Row.withSchema(ROW).addValue(id).build();
  }

  private static Instant launchedAnd(long millis) {
    return Instant.ofEpochMilli(LAUNCHED.getMillis() + millis);
  }

  private static TestStream.Builder<Row> rows() {
    return TestStream.create(ROW).advanceWatermarkTo(launchedAnd(-1000));
  }

  /** The ids of rows, and the records that say that the build is complete, in their order. */
  private static List<String> told(TestRunner runner, TestStream<Row> stream) {
    return told(runner, stream, CompleteBuild.of(VIEW, LAUNCHED));
  }

  private static List<String> told(
      TestRunner runner, TestStream<Row> stream, CompleteBuild complete) {
    Gathered.clear();
    TimedPipeline timed = new TimedPipeline(runner);
    PCollection<Row> rows = timed.pipeline().apply(stream);
    PCollection<String> ids =
        rows.apply(
            "Ids", MapElements.into(TypeDescriptors.strings()).via(row -> "" + row.getInt32("id")));
    PCollection<String> ends =
        rows.apply(complete)
            .apply(
                "Ends",
                MapElements.into(TypeDescriptors.strings()).via(CompleteBuildTest::onlyRecord));
    PCollectionList.of(ids).and(ends).apply(Flatten.pCollections()).apply(Gathered.as("told"));
    timed.run();
    return new ArrayList<>(Gathered.<String>take("told"));
  }

  private static String onlyRecord(RecordBlock block) {
    RecordBlock.Cursor record = block.records();
    assertThat(record.next(), is(true));
    byte[] key = record.copyKey();
    String text = new String(record.copyValue(), UTF_8);
    assertThat(record.next(), is(false));
    return key == null ? text : new String(key, UTF_8) + " " + text;
  }

  @Test
  void aBuildIsCompleteWhenTheWatermarkPassesItsLaunch() {
    List<String> told =
        told(
            TestRunner.DIRECT,
            rows()
                .addElements(row(1))
                .advanceWatermarkTo(launchedAnd(-1))
                .addElements(row(2))
                .advanceWatermarkTo(launchedAnd(1))
                .addElements(row(3))
                .advanceWatermarkTo(launchedAnd(10_000))
                .addElements(row(4))
                .advanceWatermarkToInfinity());
    assertThat(told, is(List.of("1", "2", END, "3", "4")));
  }

  @ParameterizedTest
  @EnumSource(
      value = TestRunner.class,
      names = {"DIRECT", "FLINK_STREAMING"})
  void itIsSaidOnce(TestRunner runner) {
    List<String> told =
        told(
            runner,
            rows()
                .addElements(row(1))
                .advanceWatermarkTo(launchedAnd(-1))
                .addElements(row(2))
                .advanceWatermarkTo(launchedAnd(1))
                .advanceWatermarkToInfinity());
    // On Flink, what comes after a shuffle may overtake what does not.
    assertThat(told, containsInAnyOrder("1", "2", END));
  }

  @ParameterizedTest
  @EnumSource(
      value = TestRunner.class,
      names = {"DIRECT", "FLINK_STREAMING"})
  void aBuildWithoutRowsIsCompleteAtItsEnd(TestRunner runner) {
    assertThat(told(runner, rows().advanceWatermarkToInfinity()), is(List.of(END)));
  }

  @Test
  void forATopicTheRecordHasAKeyAndTellsItsEpoch() {
    List<String> told =
        told(
            TestRunner.DIRECT,
            rows().advanceWatermarkToInfinity(),
            CompleteBuild.of(VIEW, LAUNCHED).withRecordKey().withEpoch(3));
    assertThat(
        told,
        is(
            List.of(
                "{\"table\":\"source.v\",\"op\":\"snapshot\"}"
                    + " {\"table\":\"source.v\",\"op\":\"snapshot\","
                    + "\"position\":55340232221128654848}")));
  }
}
