package io.millrace.testdata.demo;

import io.millrace.testdata.ChildProcess;
import io.millrace.testdata.ServiceException;
import io.millrace.testdata.audit.TableAudit;
import io.millrace.testdata.audit.TableRows;
import io.millrace.testdata.shop.ShopViews;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Millrace's pipeline {@code denormalize} in a JVM of its own, until it is closed. */
final class ShopViewsPipeline implements AutoCloseable {
  private static final int MEGABYTES = 1_000;
  private static final Duration LOOK_EVERY = Duration.ofMillis(500);

  private final ChildProcess process;
  private final String run;

  /** Starts keeping the views of the shop's tables. */
  static ShopViewsPipeline start(
      Program program, String runner, Flow flow, Path contract, String run, Path deadLetters) {
    List<String> options = new ArrayList<>();
    options.add("--runner=" + runner);
    options.add("--run=" + run);
    options.add("--format=debezium");
    options.addAll(flow.options());
    options.add("--contract=" + contract);
    options.add("--deadLetters=" + deadLetters);
    options.addAll(program.warehouseAccess());
    return new ShopViewsPipeline(
        program.startPipeline("pipeline-" + run, "denormalize", MEGABYTES, options), run);
  }

  private ShopViewsPipeline(ChildProcess process, String run) {
    this.process = process;
    this.run = run;
  }

  /** What the ledger calls it. */
  String run() {
    return run;
  }

  /**
   * @throws ServiceException if it has ended, with the end of its log
   */
  void check() {
    if (!process.isAlive()) {
      throw new ServiceException(
          "denormalize ended with exit code " + process.exitCode() + process.logEnd());
    }
  }

  /** Whether its tables are in the warehouse. */
  boolean isReady(Services services) throws SQLException {
    List<ShopViews.View> views = ShopViews.all();
    try (Connection connection = services.warehouse().connect();
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT count(*) FROM pg_views WHERE schemaname = 'public' AND viewname IN ("
                    + String.join(
                        ", ", views.stream().map(view -> "'" + view.name() + "_live'").toList())
                    + ")")) {
      row.next();
      return row.getInt(1) == views.size();
    }
  }

  /**
   * Waits until each view is what its query answers at the source, which is at rest, or the time is
   * up.
   *
   * @return how they compare then
   */
  List<TableAudit> await(Services services, Display display, Duration limit)
      throws SQLException, IOException {
    long deadline = System.nanoTime() + limit.toNanos();
    while (true) {
      check();
      List<TableAudit> audits = audit(services);
      if (audits.stream().allMatch(TableAudit::isEqual)) {
        display.say("The views are what their queries answer at the source.");
        return audits;
      }
      if (System.nanoTime() > deadline) {
        display.say("The views are not right after %d s.".formatted(limit.toSeconds()));
        return audits;
      }
      Waiting.pass(LOOK_EVERY);
    }
  }

  private static List<TableAudit> audit(Services services) throws SQLException, IOException {
    List<TableAudit> audits = new ArrayList<>();
    for (ShopViews.View view : ShopViews.all()) {
      try (TableRows expected =
              TableRows.ofQuery(services.source(), view.query(), view.key(), view.columns());
          TableRows found =
              new TableRows(
                  services.warehouse(), view.name() + "_live", view.key(), view.columns())) {
        audits.add(TableAudit.compare(view.name(), view.columns(), expected, found));
      }
    }
    return audits;
  }

  @Override
  public void close() {
    process.close();
  }
}
