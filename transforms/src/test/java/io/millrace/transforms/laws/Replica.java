package io.millrace.transforms.laws;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.schemas.ChangeEventCoder;
import io.millrace.schemas.RecordBlock;
import io.millrace.schemas.RecordBlockCoder;
import io.millrace.schemas.contract.Contract;
import io.millrace.transforms.cdc.MergeChanges;
import io.millrace.transforms.cdc.ParseChanges;
import io.millrace.transforms.cdc.ParsedChanges;
import io.millrace.transforms.quality.RunLedger;
import io.millrace.transforms.warehouse.Ledger;
import io.millrace.transforms.warehouse.TestWarehouse;
import io.millrace.transforms.warehouse.Warehouse;
import io.millrace.transforms.warehouse.WarehouseTables;
import io.millrace.transforms.warehouse.WriteLedger;
import io.millrace.transforms.warehouse.WriteWarehouse;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.beam.runners.flink.FlinkPipelineOptions;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.testing.TestStream;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.Partition;
import org.apache.beam.sdk.transforms.Values;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;
import org.apache.beam.sdk.values.TimestampedValue;
import org.joda.time.Instant;

/** Worlds replicated into a database of their own: each is a part of one pipeline, and a schema. */
final class Replica implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Coder<KV<Integer, RecordBlock>> BLOCKS =
      KvCoder.of(VarIntCoder.of(), RecordBlockCoder.of());

  /** The columns that the laws do not speak of. */
  static final List<String> RECEIPT = List.of("_received_at", "_applied_at", "_tip", "_tip_from");

  private final Mode mode;
  private final List<World> worlds;
  private final List<Contract> contracts;
  private final TestWarehouse database = TestWarehouse.create();
  private int runs;

  Replica(Mode mode, List<World> worlds) {
    this.mode = mode;
    this.worlds = worlds;
    this.contracts = worlds.stream().map(World::contract).toList();
    for (int i = 0; i < worlds.size(); i++) {
      WarehouseTables.prepare(warehouse(i), contracts.get(i));
    }
  }

  private Warehouse warehouse(int world) {
    Setting setting = worlds.get(world).setting();
    return database
        .warehouse()
        .withSchema(schema(world))
        .withSource(schema(world))
        .withDeletes(setting.deletes())
        .withHistory(setting.history())
        .withUnknownColumns(setting.unknownColumns())
        .withBatchEvents(setting.batchEvents());
  }

  private static String schema(int world) {
    return "w" + world;
  }

  /**
   * Sends records through a new pipeline to the end.
   *
   * @param records of each world
   * @return the ledger of each world
   */
  List<RunLedger> run(List<List<LogRecord>> records, Random random) {
    return run(records, random, Fuse.NONE).orElseThrow();
  }

  /**
   * Sends records through a new pipeline, in which a worker fails.
   *
   * @return the ledger of each world, if the pipeline came to its end all the same
   */
  Optional<List<RunLedger>> run(List<List<LogRecord>> records, Random random, Fuse fuse) {
    runs++;
    Pipeline pipeline = Pipeline.create(options());
    List<KV<Integer, RecordBlock>> blocks = new ArrayList<>();
    for (int i = 0; i < worlds.size(); i++) {
      for (RecordBlock block : worlds.get(i).blocks(records.get(i), random)) {
        blocks.add(KV.of(i, block));
      }
    }
    PCollectionList<KV<Integer, RecordBlock>> inputs =
        read(pipeline, interleaved(blocks, random))
            .apply("Worlds", Partition.of(worlds.size(), (block, count) -> block.getKey()));
    for (int i = 0; i < worlds.size(); i++) {
      replicate(i, inputs.get(i).apply("Blocks " + i, Values.create()), fuse);
    }
    try {
      pipeline.run().waitUntilFinish();
    } catch (RuntimeException e) {
      if (fuse.hasBlown()) {
        return Optional.empty();
      }
      throw e;
    }
    return Optional.of(IntStream.range(0, worlds.size()).mapToObj(this::ledger).toList());
  }

  private String runName(int world) {
    return runs + " of " + schema(world);
  }

  private RunLedger ledger(int world) {
    Ledger ledger = Ledger.in(warehouse(world));
    ledger.begin(runName(world));
    return ledger.read(runName(world)).orElseThrow();
  }

  private PipelineOptions options() {
    PipelineOptions options = mode.runner().options();
    FlinkPipelineOptions flink = options.as(FlinkPipelineOptions.class);
    flink.setNumberOfExecutionRetries(1);
    flink.setExecutionRetryDelay(0L);
    flink.setCheckpointingInterval(100L);
    return options;
  }

  /** The blocks of all worlds in turns, those of one in their order. */
  private static List<KV<Integer, RecordBlock>> interleaved(
      List<KV<Integer, RecordBlock>> blocks, Random random) {
    Map<Integer, List<KV<Integer, RecordBlock>>> byWorld = new HashMap<>();
    blocks.forEach(b -> byWorld.computeIfAbsent(b.getKey(), w -> new ArrayList<>()).add(b));
    List<Integer> turns = new ArrayList<>(blocks.stream().map(KV::getKey).toList());
    Collections.shuffle(turns, random);
    return turns.stream().map(world -> byWorld.get(world).remove(0)).toList();
  }

  @SuppressWarnings("unchecked") // An array of a generic type, which TestStream asks for.
  private PCollection<KV<Integer, RecordBlock>> read(
      Pipeline pipeline, List<KV<Integer, RecordBlock>> blocks) {
    if (!mode.isStream()) {
      return pipeline.apply(Create.of(blocks).withCoder(BLOCKS));
    }
    TestStream.Builder<KV<Integer, RecordBlock>> stream = TestStream.create(BLOCKS);
    int portion = 1 + blocks.size() / 12;
    for (int from = 0; from < blocks.size(); from += portion) {
      List<TimestampedValue<KV<Integer, RecordBlock>>> bundle =
          blocks.subList(from, Math.min(blocks.size(), from + portion)).stream()
              .map(block -> TimestampedValue.of(block, Instant.EPOCH))
              .toList();
      stream =
          stream.addElements(
              bundle.get(0), bundle.subList(1, bundle.size()).toArray(TimestampedValue[]::new));
    }
    return pipeline.apply(stream.advanceWatermarkToInfinity());
  }

  private void replicate(int world, PCollection<RecordBlock> blocks, Fuse fuse) {
    Setting setting = worlds.get(world).setting();
    MergeChanges.Merge merge =
        (setting.history() ? MergeChanges.history() : MergeChanges.latest())
            .withDeletes(setting.deletes())
            .withStateLayout(setting.stateLayout())
            .withBuckets(setting.buckets());
    ParseChanges parse =
        ParseChanges.as(setting.flavor().format(), contracts.get(world))
            .withUnknownColumns(setting.unknownColumns());
    // Every other world takes the way of events that are parsed and packed in one step.
    boolean isPacked = world % 2 == 0;
    ParsedChanges parsed =
        blocks.apply("Parse " + world, isPacked ? parse.packedFor(merge) : parse);
    MergeChanges.Result merged =
        isPacked
            ? parsed.packed().apply("Merge " + world, merge.ofPacked())
            : parsed.changes().apply("Merge " + world, merge);
    merged
        .accepted()
        .apply("Fuse " + world, ParDo.of(new FuseFn(fuse)))
        .setCoder(ChangeEventCoder.of())
        .apply(
            "Write " + world,
            WriteWarehouse.to(warehouse(world), contracts.get(world)).withRun(runName(world)));
    PCollectionList.of(parsed.counts())
        .and(merged.counts())
        .apply("Counts " + world, Flatten.pCollections())
        .apply("Ledger " + world, WriteLedger.to(warehouse(world), runName(world)));
  }

  /** The rows of a world, by table and key; without the times of receipt and writing. */
  Map<List<String>, Map<String, Object>> rows(int world) {
    return rows(world, RECEIPT);
  }

  /** The rows of a world, by table and key, without some columns. */
  Map<List<String>, Map<String, Object>> rows(int world, List<String> without) {
    Map<List<String>, Map<String, Object>> rows = new HashMap<>();
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      statement.execute("SET TimeZone = 'UTC'");
      for (Shape table : worlds.get(world).tables()) {
        try (ResultSet found =
            statement.executeQuery("SELECT * FROM " + schema(world) + "." + table.name())) {
          while (found.next()) {
            Map<String, Object> row = row(found);
            row.keySet().removeAll(without);
            rows.put(List.of(table.name(), "" + row.remove("c"), "" + row.remove("k")), row);
          }
        }
        if (worlds.get(world).setting().history()) {
          addVersions(schema(world), table, statement, rows);
        }
      }
      return rows;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Adds the versions of each row to it, in their order. */
  private static void addVersions(
      String schema, Shape table, Statement statement, Map<List<String>, Map<String, Object>> rows)
      throws SQLException {
    Map<List<String>, List<Map<String, Object>>> versions = new HashMap<>();
    try (ResultSet found =
        statement.executeQuery(
            "SELECT * FROM " + schema + "." + table.name() + "_history ORDER BY _position")) {
      while (found.next()) {
        Map<String, Object> version = row(found);
        List<String> key =
            List.of(table.name(), "" + version.remove("c"), "" + version.remove("k"));
        versions.computeIfAbsent(key, first -> new ArrayList<>()).add(version);
      }
    }
    versions.forEach(
        (key, of) -> rows.computeIfAbsent(key, gone -> new HashMap<>()).put("versions", of));
  }

  private static Map<String, Object> row(ResultSet found) throws SQLException {
    Map<String, Object> row = new HashMap<>();
    for (int i = 1; i <= found.getMetaData().getColumnCount(); i++) {
      String column = found.getMetaData().getColumnName(i);
      String text = found.getString(i);
      row.put(column, column.equals("_filled") && text != null ? map(text) : text);
    }
    return row;
  }

  private static Map<String, String> map(String json) {
    try {
      return JSON.readValue(json, new TypeReference<>() {});
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(json, e);
    }
  }

  @Override
  public void close() {
    database.drop();
  }
}
