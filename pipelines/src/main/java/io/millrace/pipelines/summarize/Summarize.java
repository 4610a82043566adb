package io.millrace.pipelines.summarize;

import io.millrace.pipelines.launch.InputFiles;
import io.millrace.pipelines.launch.SchemaRegistryAccess;
import io.millrace.pipelines.launch.Sources;
import io.millrace.pipelines.replicate.Warehouses;
import io.millrace.schemas.ChangeEvent;
import io.millrace.schemas.avro.SchemaRegistry;
import io.millrace.schemas.contract.Contract;
import io.millrace.schemas.contract.DerivedContract;
import io.millrace.schemas.contract.TableContract;
import io.millrace.schemas.format.ChangeFormat;
import io.millrace.transforms.cdc.EncodeChanges;
import io.millrace.transforms.cdc.ParseChanges;
import io.millrace.transforms.cdc.ParsedChanges;
import io.millrace.transforms.event.ParseEvents;
import io.millrace.transforms.event.ParsedEvents;
import io.millrace.transforms.quality.DeadLetter;
import io.millrace.transforms.quality.WriteDeadLetters;
import io.millrace.transforms.warehouse.WriteWarehouse;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.schemas.Schema;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollectionList;
import org.apache.beam.sdk.values.Row;
import org.joda.time.Duration;

/**
 * Sums up events by window, as the contract's tables of kind {@code summary} say, and keeps the
 * tables in a warehouse: rows come early, on time and corrected, each in the place of the one
 * before. The same for files and for topics that never end.
 */
public final class Summarize {

  /** Builds the pipeline; the warehouse's tables are there when it runs. */
  public static void build(Pipeline pipeline, SummarizeOptions options) {
    Contract contract = InputFiles.contract(options);
    ParsedEvents parsed =
        pipeline
            .apply("Read", Sources.of(options, Map.of()))
            .apply("Parse", parse(options, contract));
    PCollectionList<ChangeEvent> changes = PCollectionList.empty(pipeline);
    PCollectionList<DeadLetter> deadLetters = PCollectionList.of(parsed.deadLetters());
    for (Summary summary : summaries(contract)) {
      ParsedChanges rows =
          parsed
              .events()
              .apply(
                  summary.table().name() + "Decode",
                  ParDo.of(new DecodeFn(summary.event().physicalName(), summary.rows())))
              .setRowSchema(summary.rows().schema())
              .apply(summary.table().name() + "Aggregate", summary.aggregation())
              .results()
              .apply(summary.table().name() + "Encode", encode(summary.table()))
              .apply(
                  summary.table().name() + "Rows",
                  ParseChanges.as(ChangeFormat.CHANGES, tables(contract))
                      .withPositionEpoch(options.getBuildVersion()));
      changes = changes.and(rows.changes());
      deadLetters = deadLetters.and(rows.deadLetters());
    }
    WriteWarehouse.Result written =
        changes
            .apply("AllRows", Flatten.pCollections())
            .apply(
                "Warehouse",
                WriteWarehouse.to(Warehouses.of(options), tables(contract))
                    .withRun(options.getRun()));
    deadLetters
        .and(written.deadLetters())
        .apply("AllDeadLetters", Flatten.pCollections())
        .apply("DeadLetters", WriteDeadLetters.to(options.getDeadLetters()));
  }

  private static ParseEvents parse(SummarizeOptions options, Contract contract) {
    ParseEvents parse =
        ParseEvents.of(contract)
            .withUnknownColumns(options.getUnknownColumns())
            .withFutureTolerance(Duration.standardSeconds(options.getFutureTolerance()));
    SchemaRegistry registry = SchemaRegistryAccess.of(options);
    return registry == null ? parse : parse.withSchemaRegistry(registry);
  }

  /**
   * The contract's summaries.
   *
   * @throws io.millrace.pipelines.launch.LaunchException if it asks for what there is not
   */
  static List<Summary> summaries(Contract contract) {
    return contract.derived(DerivedContract.Kind.SUMMARY).stream()
        .map(table -> Summary.of(table, contract))
        .toList();
  }

  /** The tables that are written. */
  static Contract tables(Contract contract) {
    return contract.withTables(contract.derived(DerivedContract.Kind.SUMMARY));
  }

  /**
   * Results as changes of rows. Of two results of a window the one holds that stands for more
   * elements, and then the later revision; so what a run says again from the beginning is no news.
   */
  private static EncodeChanges encode(TableContract table) {
    return EncodeChanges.of(table, Summarize::position)
        .withDeletes(row -> row.getBoolean("retraction"));
  }

  private static long position(Row row) {
    Schema schema = row.getSchema();
    long elements = row.getInt64(schema.indexOf("elements"));
    return elements << 16 | Math.min(row.getInt64("revision"), 0xFFFF);
  }

  private Summarize() {}
}
