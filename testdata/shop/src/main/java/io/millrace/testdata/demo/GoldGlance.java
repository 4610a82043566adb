package io.millrace.testdata.demo;

import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * What the business events have come to at one moment, in the warehouse.
 *
 * @param ready whether its tables are there
 * @param windows rows of the table of revenue
 * @param revenue their sum
 * @param corrected how many of them were corrected by what came late
 * @param early how many windows, of all summaries, are yet to end
 * @param late how many events came too late and were kept
 * @param alerts how many there are about payments
 */
record GoldGlance(
    boolean ready,
    long windows,
    BigDecimal revenue,
    long corrected,
    long early,
    long late,
    long alerts) {

  /** Looks at the warehouse, whose tables may be yet to be created. */
  static GoldGlance take(Statement warehouse) throws SQLException {
    if (!isThere(warehouse)) {
      return new GoldGlance(false, 0, BigDecimal.ZERO, 0, 0, 0, 0);
    }
    try (ResultSet row =
        warehouse.executeQuery(
            """
            SELECT count(*), coalesce(sum(revenue), 0), count(*) FILTER (WHERE pane = 'LATE'),
              count(*) FILTER (WHERE pane = 'EARLY')
                + (SELECT count(*) FROM payments_by_status_live WHERE pane = 'EARLY'),
              (SELECT count(*) FROM purchases_late_live)
                + (SELECT count(*) FROM payments_late_live),
              (SELECT count(*) FROM risk_card_alerts_live)
            FROM revenue_live
            """)) {
      row.next();
      return new GoldGlance(
          true,
          row.getLong(1),
          row.getBigDecimal(2),
          row.getLong(3),
          row.getLong(4),
          row.getLong(5),
          row.getLong(6));
    }
  }

  /** All tables and views of a pipeline are created at once. */
  private static boolean isThere(Statement warehouse) throws SQLException {
    try (ResultSet row =
        warehouse.executeQuery(
            "SELECT count(*) = 4 FROM pg_views WHERE schemaname = 'public'"
                + " AND viewname IN ('revenue_live', 'payments_late_live',"
                + " 'risk_card_alerts_live', 'risk_payments_late_live')")) {
      row.next();
      return row.getBoolean(1);
    }
  }

  /** For people: in a line of its own, or at the end of one. */
  @Override
  public String toString() {
    return "gold: %,d windows, revenue %,.2f, %,d corrected, %,d late kept, %,d alerts"
        .formatted(windows, revenue, corrected, late, alerts);
  }
}
