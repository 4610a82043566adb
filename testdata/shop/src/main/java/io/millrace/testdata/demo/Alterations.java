package io.millrace.testdata.demo;

import io.millrace.testdata.Database;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** Alters a table of the shop step by step while the shop is open, as its developers would. */
final class Alterations {

  /**
   * A step.
   *
   * @param when the part of the workload's time that is over by then
   */
  private record Step(double when, String sql) {}

  // Without a default: no event would tell of it, in rows that do not change.
  private static final List<Step> OF_ORDERS =
      List.of(
          new Step(0.2, "ALTER TABLE orders ADD COLUMN channel varchar(12)"),
          new Step(0.4, "ALTER TABLE orders RENAME COLUMN coupon TO voucher"),
          new Step(0.6, "ALTER TABLE orders ALTER COLUMN total TYPE numeric(18,2)"));

  private final Database source;
  private final Display display;
  private final Deque<Step> steps;

  /** Adds, renames and widens columns of the orders. */
  static Alterations ofOrders(Database source, Display display) {
    return new Alterations(source, display, OF_ORDERS);
  }

  /** Leaves everything as it is. */
  static Alterations none(Database source, Display display) {
    return new Alterations(source, display, List.of());
  }

  private Alterations(Database source, Display display, List<Step> steps) {
    this.source = source;
    this.display = display;
    this.steps = new ArrayDeque<>(steps);
  }

  /** Does what is due when this part of the time is over. */
  void advanceTo(double part) throws SQLException {
    while (!steps.isEmpty() && steps.peek().when() <= part) {
      String sql = steps.remove().sql();
      try (Connection connection = source.connect();
          Statement statement = connection.createStatement()) {
        statement.execute(sql);
      }
      display.say("At the source: " + sql);
    }
  }
}
