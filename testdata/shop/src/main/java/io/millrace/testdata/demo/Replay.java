package io.millrace.testdata.demo;

import io.millrace.testdata.Database;
import io.millrace.testdata.ServiceException;
import io.millrace.testdata.shop.Shop;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Version 2 of the tables: from the landing, beside version 1, and then in its place. */
final class Replay {
  private static final Duration CATCH_UP_LIMIT = Duration.ofMinutes(4);
  private static final Duration COMMAND_LIMIT = Duration.ofMinutes(3);
  private static final Duration SWAP_LIMIT = Duration.ofSeconds(30);
  private static final Duration LOOK_EVERY = Duration.ofSeconds(1);
  // Progress of what reads a landing goes in steps of some ten seconds.
  private static final Duration CLOSE = Duration.ofSeconds(30);
  // The other one has few rows, none of which ever rests.
  private static final String WIDEST_VIEW = "wide_order_lines";
  // What pipelines may be behind on a machine that has other work.
  private static final Duration LAG = Duration.ofSeconds(30);

  private final Settings settings;
  private final Stage stage;
  private final Display display;
  private final VersionRun first;
  private final VersionRun.Contracts contracts;
  private final BusyShop shop;
  private String began;
  private VersionRun second;

  Replay(
      Settings settings,
      Stage stage,
      Display display,
      VersionRun first,
      VersionRun.Contracts contracts,
      BusyShop shop) {
    this.settings = settings;
    this.stage = stage;
    this.display = display;
    this.first = first;
    this.contracts = contracts;
    this.shop = shop;
  }

  /** Starts the pipelines of version 2, which read the landing and go on live. */
  VersionRun start(Path landing) throws SQLException {
    began = now(stage.services().warehouse());
    display.say(
        "Starting replicate and denormalize once more: from the landing into version 2, and on live.");
    Flow flow = Flow.ofTopics(stage.services()).fromLanding(landing);
    second = VersionRun.start(2, stage, settings.runner(), flow, contracts);
    return second;
  }

  /**
   * Waits until version 2 has caught up, compares it, and lets it serve if it is right.
   *
   * @return what is wrong
   */
  List<String> finish() throws SQLException {
    awaitCaughtUp();
    List<String> faults = new ArrayList<>();
    for (VersionRun run : List.of(first, second)) {
      RowAudit audit =
          RowAudit.ofSource(stage.program(), contracts.tables(), Shop.names(), run.schema(), LAG);
      tell("audit: version " + run.version() + " and the source", audit, faults);
    }
    tell("diff: version 1 and version 2", diff(contracts.tables(), Shop.names()), faults);
    tell("diff: version 1 and version 2", diff(contracts.views(), List.of(WIDEST_VIEW)), faults);
    if (faults.isEmpty()) {
      cutOver(faults);
    }
    return faults;
  }

  private RowAudit diff(Path contract, List<String> tables) {
    return RowAudit.ofVersions(
        stage.program(), contract, tables, first.version(), second.version(), LAG);
  }

  private void awaitCaughtUp() throws SQLException {
    long deadline = System.nanoTime() + CATCH_UP_LIMIT.toNanos();
    Optional<Duration> behind = Optional.empty();
    long records = stage.services().records();
    while (behind.filter(time -> time.compareTo(CLOSE) <= 0).isEmpty()
        || second.read(stage.services().warehouse()) < records) {
      if (System.nanoTime() > deadline) {
        throw new ServiceException(
            "version 2 did not catch up in %d s: %,d of %,d records were read, and it is %s"
                .formatted(
                    CATCH_UP_LIMIT.toSeconds(),
                    second.read(stage.services().warehouse()),
                    records,
                    behind.map(time -> time.toSeconds() + " s behind").orElse("nowhere")));
      }
      Waiting.pass(LOOK_EVERY);
      check();
      behind = behind();
    }
    display.say(
        "Version 2 has read all %,d records from then, and goes on: it is %,d s behind version 1."
            .formatted(records, Math.max(0, behind.get().toSeconds())));
  }

  private Optional<Duration> behind() throws SQLException {
    Database warehouse = stage.services().warehouse();
    Optional<Instant> there = first.complete(warehouse);
    return second.complete(warehouse).map(here -> Duration.between(here, there.orElseThrow()));
  }

  private void tell(String what, RowAudit audit, List<String> faults) {
    check();
    if (audit.isEqual()) {
      display.say(
          "%s: %,d rows are equal, of %s.".formatted(what, audit.rows(), audit.tableNames()));
    } else {
      display.say(what + " are NOT equal:");
      audit.lines().forEach(display::say);
      faults.add(what + " were not equal while the shop was open");
    }
  }

  private void cutOver(List<String> faults) throws SQLException {
    try (OrdersReader reader = new OrdersReader(stage.services().warehouse(), began)) {
      List<String> options = new ArrayList<>(stage.program().warehouseAccess());
      options.add("--to=" + second.version());
      options.add("--contract=" + contracts.tables());
      Program.Result result = stage.program().run(COMMAND_LIMIT, "cutover", options);
      if (result.exitCode() != 0) {
        result.output().forEach(display::say);
        faults.add("the cutover was refused: " + String.join("\n  ", result.errors()));
        return;
      }
      display.say("cutover: " + result.output().get(result.output().size() - 1) + ".");
      tell(awaitSwap(reader), faults);
    }
    show();
  }

  private OrdersReader.Seen awaitSwap(OrdersReader reader) {
    long deadline = System.nanoTime() + SWAP_LIMIT.toNanos();
    while (reader.seen().after() < 0 && System.nanoTime() < deadline) {
      Waiting.pass(LOOK_EVERY);
    }
    return reader.seen();
  }

  private void tell(OrdersReader.Seen seen, List<String> faults) {
    if (!seen.isSwapped()) {
      faults.add("a reader of the orders did not see version 2 take over: " + seen);
      return;
    }
    display.say(
        ("Who read the orders meanwhile was answered %,d times, by version 1 up to %,d orders and by"
                + " version 2 from %,d on; the slowest answer took %,d ms.")
            .formatted(seen.answers(), seen.before(), seen.after(), seen.slowestMillis()));
  }

  private void show() {
    List<String> options = new ArrayList<>(stage.program().warehouseAccess());
    options.add("--show");
    Program.Result shown = stage.program().run(COMMAND_LIMIT, "cutover", options);
    shown.output().forEach(display::say);
  }

  private void check() {
    first.check();
    second.check();
    shop.check();
  }

  private static String now(Database warehouse) throws SQLException {
    try (Connection connection = warehouse.connect();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT now()::text")) {
      row.next();
      return row.getString(1);
    }
  }
}
