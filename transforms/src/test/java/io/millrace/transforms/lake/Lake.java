package io.millrace.transforms.lake;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** A lake as DuckDB reads it, by the views that the manifest writes. */
final class Lake implements AutoCloseable {
  private final Connection connection;

  Lake(Path directory) throws SQLException {
    connection = DriverManager.getConnection("jdbc:duckdb:");
    execute("SET TimeZone = 'UTC'");
    execute(LakeManifest.read(directory.toString()).duckDbViews());
  }

  void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** The rows of a query, each with its values separated by bars. */
  List<String> rows(String sql) throws SQLException {
    List<String> rows = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      while (result.next()) {
        List<String> values = new ArrayList<>();
        for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
          values.add(result.getString(i));
        }
        rows.add(String.join("|", values.stream().map(String::valueOf).toList()));
      }
    }
    return rows;
  }

  /** How many rows a table, or a query in parentheses, has. */
  long count(String table) throws SQLException {
    return Long.parseLong(rows("SELECT count(*) FROM " + table).get(0));
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
