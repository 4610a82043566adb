package io.millrace.pipelines.replicate;

import io.millrace.pipelines.launch.SchemaRegistryAccess;
import io.millrace.pipelines.launch.Sources;
import io.millrace.schemas.avro.SchemaRegistry;
import io.millrace.schemas.contract.Contract;
import io.millrace.transforms.cdc.MergeChanges;
import io.millrace.transforms.cdc.ParseChanges;
import io.millrace.transforms.cdc.ParsedChanges;
import io.millrace.transforms.quality.ChangeCounts;
import io.millrace.transforms.quality.DeadLetter;
import io.millrace.transforms.quality.RunLedger.Stage;
import io.millrace.transforms.quality.WriteDeadLetters;
import io.millrace.transforms.quality.WriteLedgerFiles;
import io.millrace.transforms.warehouse.Warehouse;
import io.millrace.transforms.warehouse.WriteLedger;
import io.millrace.transforms.warehouse.WriteWarehouse;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;

/**
 * Keeps the tables of a warehouse as the source's changes make them: reads the changes, parses and
 * merges them, writes the rows, stores what cannot go on as dead letters, and keeps a ledger of it
 * all. A lake takes every change, beside the warehouse or instead of it. The same for files and for
 * topics that never end.
 */
public final class Replicate {

  /** Builds the pipeline; the run has a name, and the warehouse's tables are there when it runs. */
  public static void build(Pipeline pipeline, ReplicateOptions options) {
    Contract contract = Tables.of(options);
    ParseChanges parse =
        ParseChanges.as(options.getFormat(), contract)
            .withUnknownColumns(options.getUnknownColumns())
            .withPositionEpoch(options.getPositionEpoch())
            .withOutput(Lakes.output(options));
    SchemaRegistry registry = SchemaRegistryAccess.of(options);
    if (registry != null) {
      parse = parse.withSchemaRegistry(registry);
    }
    if (Warehouses.isWanted(options)) {
      parse = parse.packedFor(merge(options));
    }
    ParsedChanges parsed =
        pipeline.apply("Read", Sources.of(options, Lakes.offsets(options))).apply("Parse", parse);
    PCollectionList<DeadLetter> deadLetters = PCollectionList.of(parsed.deadLetters());
    PCollection<KV<String, ChangeCounts>> inLake = null;
    if (Lakes.isWanted(options)) {
      inLake = parsed.blocks().apply("Lake", Lakes.of(options, contract));
    }
    if (Warehouses.isWanted(options)) {
      deadLetters = deadLetters.and(keepRows(parsed, contract, options));
      if (inLake != null) {
        inLake.apply(
            "LakeLedger",
            WriteLedger.to(Warehouses.of(options), options.getRun()).withStage(Stage.LAKE));
      }
    } else if (inLake != null) {
      both("AllCounts", parsed.counts(), inLake)
          .apply("Ledger", WriteLedgerFiles.to(Lakes.ledgerDirectory(options), options.getRun()));
    }
    deadLetters
        .apply("AllDeadLetters", Flatten.pCollections())
        .apply("DeadLetters", WriteDeadLetters.to(options.getDeadLetters()));
  }

  private static MergeChanges.Merge merge(ReplicateOptions options) {
    MergeChanges.Merge merge =
        options.getHistory() ? MergeChanges.history() : MergeChanges.latest();
    return merge
        .withDeletes(options.getDeletes())
        .withBuckets(options.getBuckets())
        .withStateLayout(options.getStateLayout());
  }

  /** Merges, and writes rows and ledger; answers what the warehouse refused. */
  private static PCollection<DeadLetter> keepRows(
      ParsedChanges parsed, Contract contract, ReplicateOptions options) {
    MergeChanges.Result merged = parsed.packed().apply("Merge", merge(options).ofPacked());
    Warehouse warehouse = Warehouses.of(options);
    WriteWarehouse.Result written =
        merged
            .accepted()
            .apply("Warehouse", WriteWarehouse.to(warehouse, contract).withRun(options.getRun()));
    both("AllCounts", parsed.counts(), merged.counts())
        .apply("Ledger", WriteLedger.to(warehouse, options.getRun()));
    return written.deadLetters();
  }

  private static PCollection<KV<String, ChangeCounts>> both(
      String name,
      PCollection<KV<String, ChangeCounts>> counts,
      PCollection<KV<String, ChangeCounts>> more) {
    return PCollectionList.of(counts).and(more).apply(name, Flatten.pCollections());
  }

  private Replicate() {}
}
