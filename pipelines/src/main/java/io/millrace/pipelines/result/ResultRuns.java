package io.millrace.pipelines.result;

import io.millrace.pipelines.launch.PipelineCommand;
import io.millrace.pipelines.launch.Session;
import io.millrace.pipelines.ledger.Runs;
import io.millrace.pipelines.replicate.Warehouses;
import io.millrace.schemas.contract.Contract;
import io.millrace.schemas.contract.TableContract;
import io.millrace.transforms.quality.WriteDeadLetters;
import io.millrace.transforms.warehouse.Ledger;
import io.millrace.transforms.warehouse.WarehouseTables;
import java.util.List;

/** The beginning and the end of runs that compute tables. */
public final class ResultRuns {

  /**
   * Makes sure that there is where to write to, tables, topics and directories, and notes that a
   * run begins.
   *
   * @param tables all that are written
   * @param results those of them whose rows also go to topics
   * @throws io.millrace.pipelines.launch.LaunchException if something cannot be written to, or if
   *     there was a run of this name that this one cannot be going on with
   * @throws io.millrace.transforms.read.SourceException if a topic is not there
   */
  public static <O extends ResultTableOptions> void begin(
      PipelineCommand<O> command,
      O options,
      Contract tables,
      List<TableContract> results,
      Session session) {
    ResultTopics.check(options, results);
    WriteDeadLetters.to(options.getDeadLetters()).check();
    Runs.name(options, command.name());
    WarehouseTables.prepare(Warehouses.of(options), tables);
    Runs.begin(Ledger.in(Warehouses.of(options)), options.getRun(), command.isUnbounded(options));
    session.note("run: " + options.getRun());
    session.note("dead letters, if any, go to " + options.getDeadLetters());
  }

  /**
   * Notes that a run has ended, and shows its ledger.
   *
   * @throws io.millrace.pipelines.launch.LaunchException if it does not balance
   */
  public static void end(ResultTableOptions options, Session session) {
    Runs.end(Ledger.in(Warehouses.of(options)), options.getRun(), session);
  }

  private ResultRuns() {}
}
