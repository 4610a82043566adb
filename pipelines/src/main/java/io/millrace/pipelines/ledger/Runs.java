package io.millrace.pipelines.ledger;

import io.millrace.pipelines.launch.LaunchException;
import io.millrace.pipelines.launch.Session;
import io.millrace.pipelines.options.RunOptions;
import io.millrace.transforms.quality.LedgerStore;
import io.millrace.transforms.quality.RunLedger;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.regex.Pattern;

/** The beginning and the end of runs. */
public final class Runs {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,100}");
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss.SSS'Z'").withZone(ZoneOffset.UTC);

  /**
   * Gives a run its name, unless it has one.
   *
   * @throws LaunchException if the one it has cannot be one
   */
  public static void name(RunOptions options, String command) {
    if (options.getRun() == null) {
      options.setRun(command + "-" + TIME.format(Instant.now()));
    } else if (!NAME.matcher(options.getRun()).matches()) {
      throw LaunchException.input(
          "--run must be 1 to 100 letters, digits, dots, dashes and underscores, got '"
              + options.getRun()
              + "'");
    }
  }

  /**
   * Notes that a run begins.
   *
   * @throws LaunchException if there was one of this name that it cannot be going on with
   */
  public static void begin(LedgerStore ledger, String run, boolean mayGoOn) {
    if (!mayGoOn && ledger.read(run).isPresent()) {
      throw LaunchException.input(
          "--run: there is the ledger of a run '" + run + "' already; give another name");
    }
    ledger.begin(run);
  }

  /**
   * Notes that a run has ended, and shows its ledger.
   *
   * @throws LaunchException if it does not balance
   */
  public static void end(LedgerStore ledger, String run, Session session) {
    ledger.end(run);
    RunLedger ended =
        ledger
            .read(run)
            .orElseThrow(() -> LaunchException.fault("the ledger of run " + run + " is gone"));
    LedgerReport.print(ended, session.err());
    check(ended);
  }

  /**
   * Makes sure that nothing was lost on the way.
   *
   * @throws LaunchException if the ledger does not balance
   */
  static void check(RunLedger ledger) {
    if (!ledger.isBalanced()) {
      throw LaunchException.fault(
          "the ledger of run "
              + ledger.run()
              + " does not balance: "
              + String.join("; ", ledger.imbalances()));
    }
  }

  private Runs() {}
}
