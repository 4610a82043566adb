package io.millrace.transforms.window;

import io.millrace.transforms.oracle.Oracle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;

/** What DuckDB finds in windows of sales. */
final class WindowOracle implements AutoCloseable {
  private static final String VALUES =
      "count(*), count(*), sum(cents)::BIGINT, min(cents), max(cents)";
  private static final String OTHER_VALUES =
      ", round(avg(cents) * 1000000)::BIGINT, first(cents ORDER BY millis, cents),"
          + " last(cents ORDER BY millis, cents), count(DISTINCT cents)";

  private final Oracle oracle;

  WindowOracle(List<Sale> sales, Path csv) throws IOException, SQLException {
    StringBuilder text = new StringBuilder("shop,cents,millis\n");
    sales.forEach(
        sale -> text.append(sale.shop() + "," + sale.cents() + "," + sale.millis() + "\n"));
    Files.writeString(csv, text);
    oracle = new Oracle(csv);
  }

  /** Shop, start and end, and the values; only those that can be added up if results are sums. */
  List<String> rows(WindowCase windows) {
    boolean areSums = windows.policy().corrections() == Corrections.DISCARD;
    String sql =
        "SELECT shop, coalesce(window_start::VARCHAR, 'null'),"
            + " coalesce(window_end::VARCHAR, 'null'), "
            + VALUES
            + (areSums ? "" : OTHER_VALUES)
            + " FROM ("
            + inWindows(windows.windows())
            + ") GROUP BY shop, window_start, window_end";
    try {
      return oracle.rows(sql);
    } catch (SQLException e) {
      throw new IllegalStateException("DuckDB refuses " + sql, e);
    }
  }

  /** A query of sales, each with all of its windows. */
  private static String inWindows(Windows windows) {
    long size = windows.size();
    return switch (windows.kind()) {
      case HOPPING ->
          """
          SELECT *, (millis - %3$d) // %2$d * %2$d + %3$d - hop * %2$d AS window_start,
            window_start + %1$d AS window_end
          FROM events, range(%1$d // %2$d + 1) hops(hop)
          WHERE window_end > millis
          """
              .formatted(size, windows.period(), windows.offset());
      case SESSIONS ->
          """
          SELECT *, min(millis) OVER session AS window_start,
            max(millis) OVER session + %1$d AS window_end
          FROM (
            SELECT *, count_if(pause) OVER (PARTITION BY shop ORDER BY millis) AS number
            FROM (
              SELECT *, coalesce(millis - lag(millis) OVER own >= %1$d, false) AS pause
              FROM events WINDOW own AS (PARTITION BY shop ORDER BY millis)))
          WINDOW session AS (PARTITION BY shop, number)
          """
              .formatted(size);
      case TRAILING -> joined("ends.millis - %1$d + 1", "ends.millis + 1", size);
      case FROM_OLDEST -> joined("ends.millis", "ends.millis + %1$d", size);
      case GLOBAL ->
          "SELECT *, NULL::BIGINT AS window_start, NULL::BIGINT AS window_end FROM events";
    };
  }

  private static String joined(String start, String end, long size) {
    return ("SELECT events.*, "
            + start
            + " AS window_start, "
            + end
            + " AS window_end FROM events JOIN (SELECT DISTINCT shop, millis FROM events) ends"
            + " ON events.shop = ends.shop AND events.millis >= "
            + start
            + " AND events.millis < "
            + end)
        .formatted(size);
  }

  @Override
  public void close() throws SQLException {
    oracle.close();
  }
}
