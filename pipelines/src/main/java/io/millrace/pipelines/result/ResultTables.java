package io.millrace.pipelines.result;

import io.millrace.pipelines.replicate.Warehouses;
import io.millrace.schemas.ChangeEvent;
import io.millrace.schemas.RecordBlock;
import io.millrace.schemas.contract.Contract;
import io.millrace.schemas.contract.TableContract;
import io.millrace.schemas.format.ChangeFormat;
import io.millrace.transforms.cdc.EncodeChanges;
import io.millrace.transforms.cdc.ParseChanges;
import io.millrace.transforms.cdc.ParsedChanges;
import io.millrace.transforms.quality.ChangeCounts;
import io.millrace.transforms.quality.DeadLetter;
import io.millrace.transforms.quality.RunLedger.Stage;
import io.millrace.transforms.quality.WriteDeadLetters;
import io.millrace.transforms.view.CompleteBuild;
import io.millrace.transforms.warehouse.Warehouse;
import io.millrace.transforms.warehouse.WriteLedger;
import io.millrace.transforms.warehouse.WriteWarehouse;
import java.util.List;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;
import org.apache.beam.sdk.values.Row;

/**
 * The tables that a pipeline computes, and where it writes them: rows become changes of the neutral
 * format, and go the way of all changes.
 */
public final class ResultTables {
  private final ResultTableOptions options;
  private final Contract tables;
  private final int build;
  private PCollectionList<ChangeEvent> changes;
  private PCollectionList<DeadLetter> deadLetters;
  private PCollectionList<KV<String, ChangeCounts>> counts;

  /**
   * No rows yet.
   *
   * @param tables that are written
   * @param build the epoch of all changes
   */
  public ResultTables(Pipeline pipeline, ResultTableOptions options, Contract tables, int build) {
    this.options = options;
    this.tables = tables;
    this.build = build;
    this.changes = PCollectionList.empty(pipeline);
    this.deadLetters = PCollectionList.empty(pipeline);
    this.counts = PCollectionList.empty(pipeline);
  }

  /** Adds rows of a table; they also go to its topic. */
  public void add(TableContract table, PCollection<Row> rows, EncodeChanges encode) {
    add(table, table.name(), rows, encode);
    ResultTopics.of(options, table)
        .ifPresent(topic -> records(table, rows, encode).apply(table.name() + "Topic", topic));
  }

  /**
   * Adds rows of a table that each build computes anew, and that a build has them all; both also go
   * to its topic.
   */
  public void add(
      TableContract table, PCollection<Row> rows, EncodeChanges encode, CompleteBuild complete) {
    add(table, table.name(), rows, encode);
    addRecords(table, table.name() + "Complete", rows.apply(table.name() + "Build", complete));
    ResultTopics.of(options, table)
        .ifPresent(
            topic ->
                PCollectionList.of(records(table, rows, encode))
                    .and(
                        rows.apply(
                            table.name() + "RecordsBuild",
                            complete.withRecordKey().withEpoch(build)))
                    .apply(table.name() + "AllRecords", Flatten.pCollections())
                    .apply(table.name() + "Topic", topic));
  }

  private PCollection<RecordBlock> records(
      TableContract table, PCollection<Row> rows, EncodeChanges encode) {
    return rows.apply(table.name() + "Records", encode.withRecordKeys().withEpoch(build));
  }

  /** Adds rows of a table, in steps whose names begin with this. */
  public void add(TableContract table, String step, PCollection<Row> rows, EncodeChanges encode) {
    addRecords(table, step, rows.apply(step + "Encode", encode));
  }

  /** Adds records of a table in the neutral format, in steps whose names begin with this. */
  public void addRecords(TableContract table, String step, PCollection<RecordBlock> records) {
    ParsedChanges parsed =
        records.apply(
            step + "Rows",
            ParseChanges.as(ChangeFormat.CHANGES, tables.withTables(List.of(table)))
                .withPositionEpoch(build));
    changes = changes.and(parsed.changes());
    add(parsed.deadLetters());
  }

  /** Adds changes of tables. */
  public void addChanges(PCollection<ChangeEvent> more) {
    changes = changes.and(more);
  }

  /** Adds what became of what was read, by type or table and each counted once. */
  public void addCounts(PCollection<KV<String, ChangeCounts>> more) {
    counts = counts.and(more);
  }

  /** Adds what was rejected. */
  public void add(PCollection<DeadLetter> letters) {
    deadLetters = deadLetters.and(letters);
  }

  /** Writes all that was added. */
  public void write() {
    Warehouse warehouse = Warehouses.of(options);
    WriteWarehouse.Result written =
        changes
            .apply("AllRows", Flatten.pCollections())
            .apply("Warehouse", WriteWarehouse.to(warehouse, tables).withRun(options.getRun()));
    counts
        .apply("AllCounts", Flatten.pCollections())
        .apply("Ledger", WriteLedger.to(warehouse, options.getRun()).withStage(Stage.EVENTS));
    deadLetters
        .and(written.deadLetters())
        .apply("AllDeadLetters", Flatten.pCollections())
        .apply("DeadLetters", WriteDeadLetters.to(options.getDeadLetters()));
  }
}
