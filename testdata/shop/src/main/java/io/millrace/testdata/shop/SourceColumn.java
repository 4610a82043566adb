package io.millrace.testdata.shop;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A column of a table, as PostgreSQL's catalog has it.
 *
 * @param number stays the same whatever becomes of name and type; no later column gets it
 * @param type as SQL spells it, with length and precision
 * @param isNumbered whether the database gives the values, and takes no others
 * @param hasDefault whether rows that are older than the column may show a default, of which the
 *     log says nothing
 */
public record SourceColumn(
    int number, String name, String type, boolean isNumbered, boolean hasDefault) {
  private static final String QUERY =
      "SELECT c.relname, a.attnum, a.attname, format_type(a.atttypid, a.atttypmod),"
          + " a.attidentity = 'a', a.atthasdef OR a.atthasmissing OR a.attidentity <> ''"
          + " FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid"
          + " WHERE a.attrelid = ANY (?::regclass[]) AND a.attnum > 0 AND NOT a.attisdropped"
          + " AND a.attgenerated = '' ORDER BY a.attnum";

  /** The columns of these tables in their order, without those that the database computes. */
  public static Map<String, List<SourceColumn>> of(Connection connection, List<String> tables)
      throws SQLException {
    Map<String, List<SourceColumn>> columns = new LinkedHashMap<>();
    tables.forEach(table -> columns.put(table, new ArrayList<>()));
    try (PreparedStatement query = connection.prepareStatement(QUERY)) {
      query.setArray(1, connection.createArrayOf("text", tables.toArray()));
      try (ResultSet rows = query.executeQuery()) {
        while (rows.next()) {
          columns
              .get(rows.getString(1))
              .add(
                  new SourceColumn(
                      rows.getInt(2),
                      rows.getString(3),
                      rows.getString(4),
                      rows.getBoolean(5),
                      rows.getBoolean(6)));
        }
      }
    }
    return columns;
  }

  /** The name as SQL has it. */
  String quoted() {
    return '"' + name.replace("\"", "\"\"") + '"';
  }
}
