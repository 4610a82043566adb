package io.millrace.pipelines.ledger;

import io.millrace.pipelines.launch.Command;
import io.millrace.pipelines.launch.LaunchException;
import io.millrace.pipelines.launch.Session;
import io.millrace.pipelines.launch.WarehouseAccess;
import io.millrace.transforms.quality.LedgerStore;
import io.millrace.transforms.quality.RunLedger;
import io.millrace.transforms.warehouse.Ledger;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** {@code ledger} on the command line. */
public final class LedgerCommand implements Command<LedgerOptions> {
  private static final long LOOK_EVERY_MILLIS = 250;

  @Override
  public String name() {
    return "ledger";
  }

  @Override
  public String summary() {
    return "show what a run read, and what became of it, to the last change";
  }

  @Override
  public String description() {
    return "Per table, or type of event: read = accepted + superseded + duplicate + late + rejected +"
        + " control, and what the warehouse was given. Counts are exact, whatever failed on the"
        + " way. A run that has ended and does not balance is an error; while a run goes on, what is"
        + " missing is under way.";
  }

  @Override
  public Class<LedgerOptions> options() {
    return LedgerOptions.class;
  }

  @Override
  public List<String> examples() {
    return List.of(
        "ledger --warehouseUrl=jdbc:postgresql://localhost:5432/warehouse"
            + " --warehouseUser=millrace --warehousePassword=env:WAREHOUSE_PASSWORD",
        "ledger --run=nightly-2026-05-01 --settleSeconds=60"
            + " --warehouseUrl=jdbc:postgresql://localhost:5432/warehouse"
            + " --warehouseUser=millrace --warehousePassword=file:password.txt",
        "ledger --lake=lake");
  }

  @Override
  public void run(LedgerOptions options, Session session) throws InterruptedException {
    LedgerStore ledger = store(options);
    List<RunLedger> runs = new ArrayList<>();
    for (String run : names(options, ledger)) {
      runs.add(settled(ledger, run, options));
    }
    runs.forEach(run -> LedgerReport.print(run, session.out()));
    for (RunLedger run : runs) {
      if (run.endedAt() != null || options.getSettleSeconds() > 0) {
        Runs.check(run);
      }
    }
  }

  private static LedgerStore store(LedgerOptions options) {
    if ((options.getWarehouseUrl() == null) == (options.getLake() == null)) {
      throw LaunchException.input(
          "ledger needs either --warehouseUrl=JDBC_URL, or --lake=DIR for runs without a warehouse");
    }
    if (options.getLake() != null) {
      return LedgerAccess.in(options.getLake());
    }
    WarehouseAccess.check(options);
    return Ledger.in(WarehouseAccess.of(options));
  }

  private static String place(LedgerOptions options) {
    return options.getLake() == null
        ? "the warehouse " + options.getWarehouseUrl()
        : "the lake " + options.getLake();
  }

  private static List<String> names(LedgerOptions options, LedgerStore ledger) {
    if (options.getRun() != null) {
      return List.of(options.getRun());
    }
    List<String> newest = ledger.newest(options.getLast());
    if (newest.isEmpty()) {
      throw LaunchException.input(place(options) + " has no ledger of any run");
    }
    return newest;
  }

  /** The ledger when it balances, or when the time is up. */
  private static RunLedger settled(LedgerStore ledger, String run, LedgerOptions options)
      throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(options.getSettleSeconds());
    while (true) {
      RunLedger found =
          ledger
              .read(run)
              .orElseThrow(
                  () ->
                      LaunchException.input(
                          "--run: " + place(options) + " has no run '" + run + "'"));
      boolean settled = found.isBalanced() && !found.isEmpty();
      if (settled || found.endedAt() != null || System.nanoTime() > deadline) {
        return found;
      }
      Thread.sleep(LOOK_EVERY_MILLIS);
    }
  }
}
