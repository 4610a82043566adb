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
import java.util.stream.Collectors;

/** A digest of each table, to see cheaply whether the warehouse has caught up. */
final class Digests {

  /** The digests of the source's tables. */
  static List<String> of(Database source) throws SQLException {
    return of(source, source, "");
  }

  /** The digests of the live rows of a warehouse, in the source's columns. */
  static List<String> of(Database source, Database warehouse) throws SQLException {
    return of(source, warehouse, "_live");
  }

  private static List<String> of(Database source, Database database, String suffix)
      throws SQLException {
    List<String> digests = new ArrayList<>();
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      statement.execute(
          "SET TimeZone = 'UTC'; SET extra_float_digits = 1; SET bytea_output = 'hex'");
      for (Shop.Table table : Shop.TABLES) {
        String values =
            TableRows.columns(source, table.name()).stream()
                .map(column -> "coalesce(\"" + column + "\"::text, '\u0001')")
                .collect(Collectors.joining(", "));
        try (ResultSet rows =
            statement.executeQuery(
                "SELECT count(*), sum(hashtextextended(concat_ws('\u0002', "
                    + values
                    + "), 0)::numeric) FROM \""
                    + table.name()
                    + suffix
                    + "\"")) {
          rows.next();
          digests.add(table.name() + " " + rows.getString(1) + " " + rows.getString(2));
        }
      }
    }
    return digests;
  }

  private Digests() {}
}
