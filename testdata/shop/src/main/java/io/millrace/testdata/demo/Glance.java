package io.millrace.testdata.demo;

import io.millrace.testdata.shop.Shop;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * How far both sides are at one moment.
 *
 * @param rows for each table, how many rows the source and the warehouse have
 * @param applied rows written in the last second
 * @param lagMillis how long the rows written in the last seconds took since their commit, on
 *     average; negative if none were written
 * @param latest a few of the rows written last
 * @param extra rows with columns that the contract does not know
 * @param deadLetters how many wait to be sent again
 * @param gold what the business events have come to
 */
record Glance(
    Map<String, Rows> rows,
    long applied,
    long lagMillis,
    List<String> latest,
    long extra,
    long deadLetters,
    GoldGlance gold) {

  private static final String VIEWS =
      "SELECT count(*) FROM pg_views WHERE schemaname = 'public' AND viewname IN ("
          + Shop.TABLES.stream()
              .map(table -> "'" + table.name() + "_live'")
              .collect(Collectors.joining(", "))
          + ")";

  record Rows(long source, long warehouse) {}

  long sourceRows() {
    return rows.values().stream().mapToLong(Rows::source).sum();
  }

  long warehouseRows() {
    return rows.values().stream().mapToLong(Rows::warehouse).sum();
  }

  /** Looks at both databases. */
  static Glance take(Services services) throws SQLException {
    try (Connection left = services.source().connect();
        Connection right = services.warehouse().connect();
        Statement leftStatement = left.createStatement();
        Statement rightStatement = right.createStatement()) {
      Map<String, Rows> rows = new LinkedHashMap<>();
      boolean ready = number(rightStatement, VIEWS) == Shop.TABLES.size();
      for (Shop.Table table : Shop.TABLES) {
        rows.put(
            table.name(),
            new Rows(
                number(leftStatement, "SELECT count(*) FROM " + table.name()),
                ready
                    ? number(rightStatement, "SELECT count(*) FROM " + table.name() + "_live")
                    : 0));
      }
      return ready
          ? new Glance(
              rows,
              applied(rightStatement),
              lag(rightStatement),
              latest(rightStatement),
              extra(rightStatement),
              DeadLetters.waiting(services.deadLetters()),
              GoldGlance.take(rightStatement))
          : new Glance(rows, 0, -1, List.of(), 0, 0, GoldGlance.take(rightStatement));
    }
  }

  /** The beginning of what some row of a table has in {@code _extra}, if any has something. */
  static Optional<String> exampleOfExtra(Services services, String table) throws SQLException {
    try (Connection connection = services.warehouse().connect();
        Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT left(_extra::text, 100) FROM "
                    + table
                    + " WHERE _extra IS NOT NULL"
                    + " ORDER BY jsonb_strip_nulls(_extra) = _extra DESC, _applied_at DESC LIMIT 1")) {
      return rows.next() ? Optional.of(rows.getString(1)) : Optional.empty();
    }
  }

  private static long applied(Statement warehouse) throws SQLException {
    return number(
        warehouse,
        overAllTables(
                "SELECT count(*) AS n FROM %s WHERE _applied_at > now() - interval '1 second'")
            .formatted("sum(n)"));
  }

  private static long lag(Statement warehouse) throws SQLException {
    return number(
        warehouse,
        overAllTables(
                "SELECT _applied_at - _committed_at AS n FROM %s"
                    + " WHERE _applied_at > now() - interval '2 seconds'")
            .formatted("coalesce(round(extract(epoch FROM avg(n)) * 1000), -1)"));
  }

  private static long extra(Statement warehouse) throws SQLException {
    return number(
        warehouse,
        overAllTables("SELECT count(*) AS n FROM %s WHERE _extra IS NOT NULL").formatted("sum(n)"));
  }

  private static String overAllTables(String query) {
    return "SELECT %s FROM ("
        + String.join(
            " UNION ALL ",
            Shop.TABLES.stream().map(table -> query.formatted(table.name())).toList())
        + ") AS all_tables";
  }

  private static List<String> latest(Statement warehouse) throws SQLException {
    List<String> latest = new ArrayList<>();
    try (ResultSet rows =
        warehouse.executeQuery(
            "SELECT id, status, total, to_char(_committed_at, 'HH24:MI:SS.MS'),"
                + " round(extract(epoch FROM _applied_at - _committed_at) * 1000)"
                + " FROM orders ORDER BY _applied_at DESC, id LIMIT 3")) {
      while (rows.next()) {
        latest.add(
            "order %-7s %-9s %14s  committed %s, +%s ms"
                .formatted(
                    rows.getString(1),
                    rows.getString(2),
                    rows.getString(3),
                    rows.getString(4),
                    rows.getString(5)));
      }
    }
    return latest;
  }

  private static long number(Statement statement, String query) throws SQLException {
    try (ResultSet rows = statement.executeQuery(query)) {
      rows.next();
      return rows.getLong(1);
    }
  }
}
