package io.millrace.transforms.warehouse;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.nullValue;

import io.millrace.schemas.ChangeEvent;
import io.millrace.schemas.ChangeEventCoder;
import io.millrace.schemas.Origin;
import io.millrace.schemas.RecordBlock;
import io.millrace.schemas.contract.Contract;
import io.millrace.schemas.format.ChangeFormat;
import io.millrace.transforms.TestRunner;
import io.millrace.transforms.cdc.MergeChanges;
import io.millrace.transforms.cdc.ParseChanges;
import io.millrace.transforms.cdc.ParsedChanges;
import io.millrace.transforms.cdc.StateLayout;
import io.millrace.transforms.quality.ChangeCounts;
import io.millrace.transforms.quality.RunLedger;
import io.millrace.transforms.quality.RunLedger.Stage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.apache.beam.runners.flink.FlinkPipelineOptions;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Counts from the first record to the last batch, on every runner. */
@Timeout(120)
class LedgerTest {
  private static final Contract CONTRACT =
      TestTable.contract("t: key id integer; a varchar(3)", "u: key id integer; v integer");
  private static final ChangeCounts CONTROL =
      ChangeCounts.builder().setRead(1).setControl(1).build();

  private TestWarehouse database;
  private Warehouse warehouse;

  @BeforeEach
  void start() {
    database = TestWarehouse.create();
    warehouse = database.warehouse().withBatchEvents(7);
    WarehouseTables.prepare(warehouse, CONTRACT);
  }

  @AfterEach
  void stop() {
    database.close();
  }

  private static String upsert(String table, int id, int position, String columns) {
    return "{'table':'source.%s','op':'upsert','position':%d,'key':{'id':%d},'after':{%s}}"
        .formatted(table, position, id, columns);
  }

  /** Ten rows of each table, 1 to 5 changes each, and what is not for the tables. */
  private static List<String> lines() {
    List<String> lines = new ArrayList<>();
    for (int id = 0; id < 10; id++) {
      for (int position = 1; position <= 5; position++) {
        lines.add(upsert("t", id, 100 * position, "'a':'a" + position + "'"));
      }
      lines.add(upsert("t", id, 500, "'a':'a5'"));
      lines.add(upsert("t", id, 200, "'a':'a2'"));
      lines.add(upsert("u", id, 10, "'v':1"));
      lines.add(upsert("u", id, 20 + id, "'v':9999999999"));
    }
    lines.add("{'table':'source.t','op':'truncate','position':50}");
    lines.add(upsert("others", 1, 1, "'a':'x'"));
    lines.add("no JSON");
    return lines;
  }

  private static List<RecordBlock> blocks(List<String> lines, int size) {
    List<RecordBlock> blocks = new ArrayList<>();
    for (int from = 0; from < lines.size(); from += size) {
      RecordBlock.Writer writer = new RecordBlock.Writer(64);
      for (int i = from; i < Math.min(lines.size(), from + size); i++) {
        byte[] value = lines.get(i).replace('\'', '"').getBytes(UTF_8);
        writer.add(i * 100L, i + 1L, 0, null, value, 0, value.length);
      }
      blocks.add(RecordBlock.of("lines.jsonl", Origin.NO_PARTITION, writer.take()));
    }
    return blocks;
  }

  private void build(Pipeline pipeline, String run, StateLayout layout, String failure) {
    ParsedChanges parsed =
        pipeline
            .apply(Create.of(blocks(lines(), 9)))
            .apply(ParseChanges.as(ChangeFormat.CHANGES, CONTRACT));
    MergeChanges.Result merged =
        parsed
            .changes()
            .apply("Merge", MergeChanges.latest().withBuckets(4).withStateLayout(layout));
    PCollection<ChangeEvent> accepted =
        merged
            .accepted()
            .apply("Fail", ParDo.of(new FailOnce(failure)))
            .setCoder(ChangeEventCoder.of());
    accepted.apply("Warehouse", WriteWarehouse.to(warehouse, CONTRACT).withRun(run));
    PCollectionList.of(parsed.counts())
        .and(merged.counts())
        .apply(Flatten.pCollections())
        .apply("Ledger", WriteLedger.to(warehouse, run));
  }

  static Stream<Arguments> runnersAndLayouts() {
    return Stream.of(TestRunner.values())
        .flatMap(
            runner -> Stream.of(StateLayout.values()).map(layout -> Arguments.of(runner, layout)));
  }

  @ParameterizedTest
  @MethodSource("runnersAndLayouts")
  void everyRecordIsAccountedFor(TestRunner runner, StateLayout layout) {
    Ledger.in(warehouse).begin("first");
    Pipeline pipeline = runner.pipeline();
    build(pipeline, "first", layout, "none");
    pipeline.run().waitUntilFinish();
    Ledger.in(warehouse).end("first");
    assertThat(Ledger.in(warehouse).newest(9), contains("first"));
    RunLedger ledger = Ledger.in(warehouse).read("first").orElseThrow();
    assertThat(ledger.imbalances(), is(empty()));
    ChangeCounts t = ledger.merge().get("source.t");
    assertThat(t.read(), is(71L));
    assertThat(t.control(), is(1L));
    assertThat(t.accepted() + t.superseded() + t.duplicate(), is(70L));
    assertThat(
        ledger.merge().get("source.u"),
        is(ChangeCounts.builder().setRead(20).setAccepted(10).setRejected(10).build()));
    ChangeCounts none = ledger.merge().get("");
    assertThat(none, is(CONTROL.plus(ChangeCounts.builder().setRead(1).setRejected(1).build())));
    assertThat(ledger.warehouse().get("source.t").read(), is(t.accepted() + 1));
    assertThat(ledger.warehouse().get("source.t").control(), is(1L));
    assertThat(
        ledger.warehouse().get("source.u"),
        is(ChangeCounts.builder().setRead(10).setAccepted(10).build()));
    assertThat(ledger.repeated("source.t"), is(0L));
  }

  /** On Flink alone, since others fail a run at once. */
  @ParameterizedTest
  @EnumSource
  void aFailureCountsNothingTwice(StateLayout layout) {
    Ledger.in(warehouse).begin("failing");
    PipelineOptions options = TestRunner.FLINK_STREAMING.options();
    options.as(FlinkPipelineOptions.class).setNumberOfExecutionRetries(3);
    options.as(FlinkPipelineOptions.class).setMaxBundleSize(2L);
    Pipeline pipeline = TestPipeline.fromOptions(options).enableAbandonedNodeEnforcement(false);
    build(pipeline, "failing", layout, "failing " + layout);
    pipeline.run().waitUntilFinish();
    assertThat("it failed", FailOnce.DONE.contains("failing " + layout));
    RunLedger ledger = Ledger.in(warehouse).read("failing").orElseThrow();
    assertThat(ledger.endedAt(), is(nullValue()));
    assertThat(ledger.imbalances(), is(empty()));
    assertThat(ledger.merge().get("source.t").read(), is(71L));
    assertThat(
        ledger.merge().get("source.u"),
        is(ChangeCounts.builder().setRead(20).setAccepted(10).setRejected(10).build()));
  }

  @Test
  void sumsOfAnEarlierAttemptGiveWayOnlyToNewerOnes() throws Exception {
    ChangeCounts three = ChangeCounts.builder().setRead(3).setAccepted(3).build();
    ChangeCounts four = ChangeCounts.builder().setRead(4).setSuperseded(4).build();
    ChangeCounts other = ChangeCounts.builder().setRead(4).setDuplicate(4).build();
    Ledger.in(warehouse).begin("run");
    for (ChangeCounts counts : List.of(four, three, other)) {
      try (var connection = WarehouseSession.connect(warehouse)) {
        Ledger.replace(connection, "run", Stage.MERGE, new TreeMap<>(Map.of("t", counts)));
        connection.commit();
      }
    }
    assertThat(Ledger.in(warehouse).read("run").orElseThrow().merge(), is(Map.of("t", other)));
  }

  /** Fails at the first change of the table u that comes by, once for each name. */
  static final class FailOnce extends DoFn<ChangeEvent, ChangeEvent> {
    private static final long serialVersionUID = 1L;
    static final Set<String> DONE = ConcurrentHashMap.newKeySet();
    private final String name;

    FailOnce(String name) {
      this.name = name;
    }

    @ProcessElement
    public void process(@Element ChangeEvent event, OutputReceiver<ChangeEvent> out) {
      if (!name.equals("none") && event.table().endsWith("u") && DONE.add(name)) {
        throw new IllegalStateException("as planned");
      }
      out.output(event);
    }
  }
}
