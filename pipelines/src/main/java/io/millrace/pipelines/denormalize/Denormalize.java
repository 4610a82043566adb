package io.millrace.pipelines.denormalize;

import io.millrace.pipelines.launch.InputFiles;
import io.millrace.pipelines.launch.SchemaRegistryAccess;
import io.millrace.pipelines.launch.Sources;
import io.millrace.pipelines.result.ResultTables;
import io.millrace.schemas.avro.SchemaRegistry;
import io.millrace.schemas.contract.Contract;
import io.millrace.schemas.contract.TableContract;
import io.millrace.transforms.cdc.EncodeChanges;
import io.millrace.transforms.cdc.ParseChanges;
import io.millrace.transforms.cdc.ParsedChanges;
import io.millrace.transforms.view.CompleteBuild;
import io.millrace.transforms.view.JoinTables;
import io.millrace.transforms.view.JoinedTables;
import java.util.Map;
import java.util.Objects;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.Row;
import org.joda.time.Instant;

/**
 * Keeps views of several tables, as the contract's tables of kind {@code view} say, in a warehouse:
 * reads the tables' changes, joins them, and writes the rows that change. The same for files and
 * for topics that never end.
 */
public final class Denormalize {

  /** Builds the pipeline; run and build have their names, and the warehouse's tables are there. */
  public static void build(Pipeline pipeline, DenormalizeOptions options) {
    Contract contract = InputFiles.contract(options);
    JoinTables join = Views.join(contract, options);
    int build = Objects.requireNonNull(options.getBuild(), "prepare numbers the build");
    ParsedChanges parsed =
        pipeline.apply("Read", Sources.of(options, Map.of())).apply("Parse", parse(join, options));
    JoinedTables joined = parsed.changes().apply("Join", join);
    ResultTables results = new ResultTables(pipeline, options, Views.of(contract), build);
    results.add(parsed.deadLetters());
    results.addCounts(parsed.counts());
    results.addCounts(joined.counts());
    Instant launched = Instant.now();
    for (TableContract view : Views.of(contract).tables()) {
      PCollection<Row> rows = joined.rows(view.name());
      results.add(
          view,
          rows,
          EncodeChanges.of(view, row -> row.getInt64(JoinTables.REVISION))
              .withDeletes(row -> row.getBoolean(JoinTables.DELETED)),
          CompleteBuild.of(view, launched));
    }
    results.write();
  }

  private static ParseChanges parse(JoinTables join, DenormalizeOptions options) {
    ParseChanges parse =
        ParseChanges.as(options.getFormat(), join.tables())
            .withUnknownColumns(options.getUnknownColumns())
            .withPositionEpoch(options.getPositionEpoch());
    SchemaRegistry registry = SchemaRegistryAccess.of(options);
    return registry == null ? parse : parse.withSchemaRegistry(registry);
  }

  private Denormalize() {}
}
