package io.millrace.pipelines.replicate;

import io.millrace.pipelines.launch.CompactedLogs;
import io.millrace.pipelines.launch.DeadLetterWarning;
import io.millrace.pipelines.launch.LaunchException;
import io.millrace.pipelines.launch.PipelineCommand;
import io.millrace.pipelines.launch.SchemaRegistryAccess;
import io.millrace.pipelines.launch.Session;
import io.millrace.pipelines.launch.Sources;
import io.millrace.pipelines.launch.WarehouseAccess;
import io.millrace.pipelines.ledger.LedgerAccess;
import io.millrace.pipelines.ledger.Runs;
import io.millrace.schemas.contract.Contract;
import io.millrace.schemas.contract.TableContract;
import io.millrace.schemas.format.ChangeFormat;
import io.millrace.transforms.lake.LakeManifest;
import io.millrace.transforms.quality.LedgerStore;
import io.millrace.transforms.quality.WriteDeadLetters;
import io.millrace.transforms.warehouse.Ledger;
import io.millrace.transforms.warehouse.WarehouseTables;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.ToLongFunction;
import org.apache.beam.sdk.Pipeline;

/** {@code replicate} on the command line. */
public final class ReplicateCommand implements PipelineCommand<ReplicateOptions> {
  /** How old an unfinished file of the lake is when no run can still be at it. */
  private static final Duration LEFT_OVER = Duration.ofDays(1);

  @Override
  public String name() {
    return "replicate";
  }

  @Override
  public String summary() {
    return "keep the tables of a warehouse as a database's changes make them";
  }

  @Override
  public String description() {
    return "Reads change events from files or from Kafka, keeps the newest of each row, and writes"
        + " the rows to PostgreSQL, creating the tables of the contract where they are missing."
        + " Changes may come in any order and any number of times. With --lake it writes every"
        + " change to Parquet files, beside the warehouse or instead of it. From files it ends"
        + " when all is written; from Kafka it goes on until it is stopped.";
  }

  @Override
  public Class<ReplicateOptions> options() {
    return ReplicateOptions.class;
  }

  @Override
  public List<String> examples() {
    return List.of(
        "replicate --input='changes/*.jsonl.gz' --contract=shop.odcs.yaml"
            + " --warehouseUrl=jdbc:postgresql://localhost:5432/warehouse"
            + " --warehouseUser=millrace --warehousePassword=env:WAREHOUSE_PASSWORD",
        "replicate --runner=flink --kafkaBootstrapServers=localhost:9092"
            + " --kafkaTopicPattern='shop\\.public\\..*' --contract=shop.odcs.yaml"
            + " --warehouseUrl=jdbc:postgresql://localhost:5432/warehouse"
            + " --warehouseUser=millrace --warehousePassword=file:password.txt",
        "replicate --runner=flink --input='changes/*.jsonl.gz' --contract=shop.odcs.yaml"
            + " --lake=lake");
  }

  @Override
  public boolean isUnbounded(ReplicateOptions options) {
    return Sources.isUnbounded(options);
  }

  @Override
  public void prepare(ReplicateOptions options, Session session) {
    Sources.check(options);
    checkTarget(options);
    checkFrom(options);
    Contract contract = Tables.of(options);
    warnOfMergedKeys(contract, session);
    checkEvents(options, contract);
    SchemaRegistryAccess.check(options, options.getFormat());
    Sources.checkThere(options, session);
    checkCompacted(options, contract);
    WriteDeadLetters.to(options.getDeadLetters()).check();
    Runs.name(options, name());
    if (Lakes.isWanted(options)) {
      Lakes.of(options, contract).check();
      clean(options.getLake(), session);
    }
    if (Warehouses.isWanted(options)) {
      WarehouseTables.prepare(Warehouses.of(options), contract);
    }
    Runs.begin(ledger(options), options.getRun(), isUnbounded(options));
    session.note("run: " + options.getRun());
    session.note("dead letters, if any, go to " + options.getDeadLetters());
  }

  private static void warnOfMergedKeys(Contract contract, Session session) {
    for (TableContract table : contract.tables()) {
      if (contract.isMerged(table) && !table.hasSourceInKey()) {
        session.warn(
            "table "
                + table.name()
                + " takes the rows of several tables, and its key does not say of which a row is;"
                + " where two of them have a row of the same key, add a key column with metadata"
                + " source_table or source_schema");
      }
    }
  }

  private static void checkEvents(ReplicateOptions options, Contract contract) {
    if (options.getFormat() == ChangeFormat.EVENTS && contract.events().isEmpty()) {
      throw LaunchException.input(
          "--format=events reads the business events of "
              + options.getContract()
              + ", which has none; mark them with the custom property kind: event");
    }
  }

  private static void checkTarget(ReplicateOptions options) {
    if (options.getAtomicTransactions()) {
      throw LaunchException.input(
          "--atomicTransactions cannot be kept: the changes of a transaction are spread over workers"
              + " by their keys, and each writes its own in transactions of its own. Leave it out;"
              + " where whole transactions matter, read what _millrace.progress has passed:"
              + " rows whose _committed_at is not after its committed_at");
    }
    if (Warehouses.isWanted(options)) {
      WarehouseAccess.check(options);
    } else if (!Lakes.isWanted(options)) {
      throw LaunchException.input(
          "nothing says where the changes go; give --warehouseUrl=JDBC_URL, --lake=DIR, or both");
    }
  }

  /** A lake has every change from where its first run began. */
  private static void checkFrom(ReplicateOptions options) {
    if (Lakes.isWanted(options)
        && options.getFrom() != null
        && !options.getFrom().equalsIgnoreCase("earliest")) {
      throw LaunchException.input(
          "--from="
              + options.getFrom()
              + " with --lake="
              + options.getLake()
              + ": a lake keeps every change, and those before would be missing; leave --from out");
    }
  }

  private static void checkCompacted(ReplicateOptions options, Contract contract) {
    if (Lakes.isWanted(options)) {
      CompactedLogs.checkWhole(options, "--lake=" + options.getLake());
    } else if (options.getFormat() == ChangeFormat.EVENTS) {
      CompactedLogs.checkWhole(options, "--format=events");
    } else {
      CompactedLogs.checkRows(options, contract, options.getHistory());
    }
  }

  private static LedgerStore ledger(ReplicateOptions options) {
    return Warehouses.isWanted(options)
        ? Ledger.in(Warehouses.of(options))
        : LedgerAccess.in(options.getLake());
  }

  private static void clean(String lake, Session session) {
    int leftOver = LakeManifest.read(lake).clean(LEFT_OVER);
    if (leftOver > 0) {
      session.note(
          String.format(
              Locale.ROOT, "%,d files that no run completed were deleted in %s", leftOver, lake));
    }
  }

  @Override
  public void build(Pipeline pipeline, ReplicateOptions options) {
    Replicate.build(pipeline, options);
  }

  @Override
  public void afterRun(ReplicateOptions options, ToLongFunction<String> counts, Session session) {
    DeadLetterWarning.give(options, counts, session);
  }

  @Override
  public void afterEnd(ReplicateOptions options, Session session) {
    Runs.end(ledger(options), options.getRun(), session);
  }
}
