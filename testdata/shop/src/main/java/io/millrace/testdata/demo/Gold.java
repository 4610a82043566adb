package io.millrace.testdata.demo;

import io.millrace.testdata.audit.TableAudit;
import io.millrace.testdata.sales.SalesFeed;
import java.io.IOException;
import java.io.PrintStream;
import java.sql.SQLException;
import java.time.Duration;

/** The shop's business events on their way to tables of totals and alerts. */
record Gold(SalesFeed feed, SalesPipeline summaries, SalesPipeline alerts)
    implements AutoCloseable {
  private static final Duration LOOK_EVERY = Duration.ofMillis(500);

  /**
   * Waits until all windows have ended and are right, or the time is up.
   *
   * @return how it is then
   */
  GoldAudit await(Services services, Display display, Duration limit)
      throws SQLException, IOException {
    long deadline = System.nanoTime() + limit.toNanos();
    while (true) {
      check();
      Glance glance = Glance.take(services);
      GoldAudit audit = GoldAudit.of(services.warehouse(), feed.sent());
      if (audit.isRight() && glance.gold().early() == 0) {
        display.say("All windows have ended; " + glance.gold() + ".");
        return audit;
      }
      if (System.nanoTime() > deadline) {
        display.say(
            "Summaries or alerts are not right after %d s; %,d windows are yet to end."
                .formatted(limit.toSeconds(), glance.gold().early()));
        return audit;
      }
      display.show(glance, 0, 0, "windows to end: %,d".formatted(glance.gold().early()));
      Waiting.pass(LOOK_EVERY);
    }
  }

  /**
   * @throws io.millrace.testdata.ServiceException if one of the pipelines has ended
   */
  void check() {
    summaries.check();
    alerts.check();
  }

  /** Stops the pipelines. */
  @Override
  public void close() {
    summaries.close();
    alerts.close();
  }

  /** Prints an audit. */
  static void print(GoldAudit audit, PrintStream out) {
    audit.audits().forEach(table -> print(table, out));
    audit.counts().forEach(line -> out.println("  " + line));
    audit.faults().forEach(line -> out.println("  WRONG: " + line));
    out.println(
        audit.isRight()
            ? "The summaries and alerts are those of the events that were sent."
            : "The summaries and alerts are NOT those of the events that were sent.");
  }

  /** Prints how a table compares, with its first differences. */
  static void print(TableAudit audit, PrintStream out) {
    out.printf(
        "  %-18s %,9d rows  %s%n",
        audit.table(),
        audit.expected(),
        audit.isEqual() ? "equal" : "%,d DIFFERENT".formatted(audit.different()));
    audit.differences().forEach(difference -> out.println("      " + difference));
  }
}
