package io.millrace.pipelines.denormalize;

import io.millrace.pipelines.launch.CompactedLogs;
import io.millrace.pipelines.launch.DeadLetterWarning;
import io.millrace.pipelines.launch.InputFiles;
import io.millrace.pipelines.launch.LaunchException;
import io.millrace.pipelines.launch.PipelineCommand;
import io.millrace.pipelines.launch.SchemaRegistryAccess;
import io.millrace.pipelines.launch.Session;
import io.millrace.pipelines.launch.Sources;
import io.millrace.pipelines.launch.WarehouseAccess;
import io.millrace.pipelines.replicate.Warehouses;
import io.millrace.pipelines.result.ResultRuns;
import io.millrace.schemas.contract.Contract;
import io.millrace.transforms.warehouse.Builds;
import java.util.List;
import java.util.Locale;
import java.util.function.ToLongFunction;
import org.apache.beam.sdk.Pipeline;

/** {@code denormalize} on the command line. */
public final class DenormalizeCommand implements PipelineCommand<DenormalizeOptions> {
  @Override
  public String name() {
    return "denormalize";
  }

  @Override
  public String summary() {
    return "keep views of several tables that follow every change";
  }

  @Override
  public String description() {
    return "Reads change events of several tables from files or from Kafka, and keeps in PostgreSQL what"
        + " the queries of the contract's tables of kind view would answer: wide tables, such as"
        + " orders with their customers and products, and aggregates over them. Every insert, update,"
        + " delete and change of a key is followed; changes may come in any order and any number of"
        + " times. From files it ends when all is written; from Kafka it goes on until it is stopped.";
  }

  @Override
  public Class<DenormalizeOptions> options() {
    return DenormalizeOptions.class;
  }

  @Override
  public List<String> examples() {
    return List.of(
        "denormalize --input='changes/*.jsonl.gz' --contract=shop.odcs.yaml"
            + " --warehouseUrl=jdbc:postgresql://localhost:5432/warehouse"
            + " --warehouseUser=millrace --warehousePassword=env:WAREHOUSE_PASSWORD",
        "denormalize --runner=flink --kafkaBootstrapServers=localhost:9092"
            + " --kafkaTopicPattern='shop\\.public\\..*' --contract=shop.odcs.yaml"
            + " --warehouseUrl=jdbc:postgresql://localhost:5432/warehouse"
            + " --warehouseUser=millrace --warehousePassword=file:password.txt");
  }

  @Override
  public boolean isUnbounded(DenormalizeOptions options) {
    return Sources.isUnbounded(options);
  }

  @Override
  public void prepare(DenormalizeOptions options, Session session) {
    Sources.check(options);
    checkStart(options, session);
    WarehouseAccess.check(options);
    Contract contract = InputFiles.contract(options);
    Views.join(contract, options);
    SchemaRegistryAccess.check(options, options.getFormat());
    Sources.checkThere(options, session);
    CompactedLogs.checkRows(options, contract.ofSource(), false);
    Contract views = Views.of(contract);
    ResultRuns.begin(this, options, views, views.tables(), session);
    if (options.getBuild() == null) {
      options.setBuild(Builds.begin(Warehouses.of(options), views));
    } else {
      int newest = Builds.note(Warehouses.of(options), views, options.getBuild());
      if (newest >= options.getBuild()) {
        session.warn(
            "--build="
                + options.getBuild()
                + ": the warehouse has seen build "
                + newest
                + " already. Unless this job goes on from a savepoint of that build, its rows count"
                + " as older than those that are there, and the views stay wrong; leave --build out");
      }
    }
    session.note("build: " + options.getBuild());
  }

  /** A view is made of every change there was, and a new build takes away what it does not make. */
  private static void checkStart(DenormalizeOptions options, Session session) {
    if (options.getKafkaGroup() != null) {
      throw LaunchException.input(
          "--kafkaGroup="
              + options.getKafkaGroup()
              + ": a job that begins where a group is knows nothing of the changes before, and views"
              + " are made of all. Leave it out; on a cluster a job goes on from its savepoint");
    }
    String from = options.getFrom() == null ? options.getKafkaStart() : options.getFrom();
    if (!from.equalsIgnoreCase("earliest")) {
      session.warn(
          (options.getFrom() == null ? "--kafkaStart=" : "--from=")
              + from
              + ": rows that have not changed since are in no view, and are gone from those that"
              + " were built before");
    }
  }

  @Override
  public void build(Pipeline pipeline, DenormalizeOptions options) {
    Denormalize.build(pipeline, options);
  }

  @Override
  public void afterRun(DenormalizeOptions options, ToLongFunction<String> counts, Session session) {
    DeadLetterWarning.give(options, counts, session);
    warn(
        counts.applyAsLong("view_values_rejected"),
        "values of views could not be computed or do not fit their columns, and are null; write"
            + " CASE WHEN or a wider type",
        session);
    warn(
        counts.applyAsLong("view_rows_without_key"),
        "changes of views' rows have no key and are left out; write coalesce",
        session);
    warn(
        counts.applyAsLong("view_keys_shared"),
        "keys of views are those of several rows, of which one shows; give the view a primaryKey"
            + " that identifies its rows",
        session);
  }

  private static void warn(long count, String what, Session session) {
    if (count > 0) {
      session.warn(String.format(Locale.ROOT, "%,d %s", count, what));
    }
  }

  @Override
  public void afterEnd(DenormalizeOptions options, Session session) {
    ResultRuns.end(options, session);
  }
}
