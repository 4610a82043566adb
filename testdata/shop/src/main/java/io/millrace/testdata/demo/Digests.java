package io.millrace.testdata.demo;

import io.millrace.testdata.Database;
import io.millrace.testdata.audit.TableRows;
import io.millrace.testdata.shop.Shop;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** A digest of each table, to see cheaply whether the warehouse has caught up. */
final class Digests {

  /** Whether the warehouse's live rows are those of the source, in all tables. */
  static boolean areEqual(Services services, ColumnChanges changes) throws SQLException {
    return ofSource(services, changes, Set.of()).equals(ofWarehouse(services, changes, Set.of()));
  }

  /** The digests of the source's tables, without some. */
  static List<String> ofSource(Services services, ColumnChanges changes, Set<String> without)
      throws SQLException {
    return of(services.source(), changes::sourceNames, "", without);
  }

  /** The digests of the warehouse's live rows, in the same columns. */
  static List<String> ofWarehouse(Services services, ColumnChanges changes, Set<String> without)
      throws SQLException {
    return of(services.warehouse(), changes::warehouseNames, "_live", without);
  }

  private static List<String> of(
      Database database, Function<String, List<String>> columns, String suffix, Set<String> without)
      throws SQLException {
    List<String> digests = new ArrayList<>();
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      statement.execute(
          "SET TimeZone = 'UTC'; SET extra_float_digits = 1; SET bytea_output = 'hex'");
      for (Shop.Table table : Shop.TABLES) {
        if (!without.contains(table.name())) {
          digests.add(
              table.name()
                  + " "
                  + digest(statement, table.name() + suffix, columns.apply(table.name())));
        }
      }
    }
    return digests;
  }

  private static String digest(Statement statement, String table, List<String> columns)
      throws SQLException {
    String values =
        columns.stream()
            .map(column -> "coalesce(" + TableRows.quote(column) + "::text, '\u0001')")
            .collect(Collectors.joining(", "));
    try (ResultSet rows =
        statement.executeQuery(
            "SELECT count(*), sum(hashtextextended(concat_ws('\u0002', "
                + values
                + "), 0)::numeric) FROM \""
                + table
                + "\"")) {
      rows.next();
      return rows.getString(1) + " " + rows.getString(2);
    }
  }

  private Digests() {}
}
