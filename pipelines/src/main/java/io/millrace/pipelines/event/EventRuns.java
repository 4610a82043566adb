package io.millrace.pipelines.event;

import io.millrace.pipelines.launch.PipelineCommand;
import io.millrace.pipelines.launch.Session;
import io.millrace.pipelines.ledger.Runs;
import io.millrace.pipelines.replicate.Warehouses;
import io.millrace.schemas.contract.Contract;
import io.millrace.schemas.contract.DerivedContract;
import io.millrace.transforms.quality.WriteDeadLetters;
import io.millrace.transforms.warehouse.Ledger;
import io.millrace.transforms.warehouse.WarehouseTables;

/** The beginning and the end of runs that compute tables of events. */
public final class EventRuns {

  /**
   * Makes sure that there is where to write to, tables, topics and directories, and notes that a
   * run begins.
   *
   * @param kind of the tables that are written
   * @throws io.millrace.pipelines.launch.LaunchException if something cannot be written to, or if
   *     there was a run of this name that this one cannot be going on with
   * @throws io.millrace.transforms.read.SourceException if a topic is not there
   */
  public static <O extends EventPipelineOptions> void begin(
      PipelineCommand<O> command,
      O options,
      Contract contract,
      DerivedContract.Kind kind,
      Session session) {
    ResultTopics.check(options, contract.derived(kind));
    WriteDeadLetters.to(options.getDeadLetters()).check();
    Runs.name(options, command.name());
    WarehouseTables.prepare(Warehouses.of(options), DerivedTables.of(contract, kind));
    Runs.begin(Ledger.in(Warehouses.of(options)), options.getRun(), command.isUnbounded(options));
    session.note("run: " + options.getRun());
    session.note("dead letters, if any, go to " + options.getDeadLetters());
  }

  /**
   * Notes that a run has ended, and shows its ledger.
   *
   * @throws io.millrace.pipelines.launch.LaunchException if it does not balance
   */
  public static void end(EventPipelineOptions options, Session session) {
    Runs.end(Ledger.in(Warehouses.of(options)), options.getRun(), session);
  }

  private EventRuns() {}
}
