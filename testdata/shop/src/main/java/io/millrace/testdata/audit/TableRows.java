package io.millrace.testdata.audit;

import io.millrace.testdata.Database;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The rows of a table or view, read as a stream in one transaction, with the same session settings
 * everywhere, so that equal values are equal texts.
 */
public final class TableRows implements RowSource {
  private static final int FETCH_SIZE = 500;

  private final Connection connection;
  private final Statement statement;
  private final ResultSet rows;
  private final int keys;
  private final int columns;

  /**
   * Begins to read.
   *
   * @param table the name of a table or view, with its schema where that is not {@code public};
   *     each part is quoted
   */
  public TableRows(Database database, String table, List<String> key, List<String> columns)
      throws SQLException {
    this(database, key, columns, quoted(table));
  }

  /** Begins to read what a query answers. */
  public static TableRows ofQuery(
      Database database, String query, List<String> key, List<String> columns) throws SQLException {
    return new TableRows(database, key, columns, "(" + query + ") AS answer");
  }

  private TableRows(Database database, List<String> key, List<String> columns, String from)
      throws SQLException {
    this.keys = key.size();
    this.columns = columns.size();
    this.connection = database.connect();
    try {
      this.statement = connection.createStatement();
      statement.execute(
          "SET TimeZone = 'UTC'; SET DateStyle = 'ISO, YMD'; SET IntervalStyle = 'postgres';"
              + " SET extra_float_digits = 1; SET bytea_output = 'hex'");
      // Only without autocommit does the driver fetch in steps.
      connection.setAutoCommit(false);
      statement.setFetchSize(FETCH_SIZE);
      this.rows = statement.executeQuery(query(from, key, columns));
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }

  /** The columns of a table or view in the schema {@code public}, in their order. */
  public static List<String> columns(Database database, String table) throws SQLException {
    try (Connection connection = database.connect();
        PreparedStatement statement =
            connection.prepareStatement(
                "SELECT column_name FROM information_schema.columns WHERE table_schema = 'public'"
                    + " AND table_name = ? ORDER BY ordinal_position")) {
      statement.setString(1, table);
      List<String> columns = new ArrayList<>();
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          columns.add(rows.getString(1));
        }
      }
      return columns;
    }
  }

  private static String query(String from, List<String> key, List<String> columns) {
    List<String> selected = new ArrayList<>();
    key.forEach(column -> selected.add(quote(column) + "::text"));
    columns.forEach(column -> selected.add(quote(column) + "::text"));
    String order =
        key.stream()
            .map(column -> quote(column) + "::text COLLATE \"C\"")
            .collect(Collectors.joining(", "));
    return "SELECT " + String.join(", ", selected) + " FROM " + from + " ORDER BY " + order;
  }

  private static String quoted(String table) {
    return List.of(table.split("\\.", 2)).stream()
        .map(TableRows::quote)
        .collect(Collectors.joining("."));
  }

  /** A name as SQL has it, whatever it is. */
  public static String quote(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }

  @Override
  public TextRow next() throws SQLException {
    return rows.next() ? new TextRow(texts(0, keys), texts(keys, columns)) : null;
  }

  private List<String> texts(int before, int count) throws SQLException {
    List<String> texts = new ArrayList<>(count);
    for (int i = 1; i <= count; i++) {
      texts.add(rows.getString(before + i));
    }
    return Collections.unmodifiableList(texts);
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
