package io.millrace.benchmarks.audit;

import io.millrace.benchmarks.harness.Contestant;
import io.millrace.benchmarks.harness.Outcome;
import io.millrace.benchmarks.harness.Settings;
import io.millrace.testdata.Database;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;

/** What one writes who has no tool: both tables through cursors, row by row. */
final class FullComparison implements Contestant {
  private static final int FETCH_SIZE = 5_000;
  private static final List<String> COLUMNS =
      List.of(
          "customer",
          "status",
          "total",
          "discount",
          "placed_at",
          "shipped_on",
          "reference",
          "gift",
          "stock");

  private final Database source;
  private final Database warehouse;
  private final TreeSet<String> found = new TreeSet<>();

  FullComparison(Settings settings) throws IOException {
    String password = Files.readString(Path.of(settings.text("password")));
    source = new Database(settings.text("source"), settings.text("user"), password);
    warehouse = new Database(settings.text("warehouse"), settings.text("user"), password);
  }

  @Override
  public void run() throws SQLException {
    found.clear();
    try (Connection here = source.connect();
        Connection there = warehouse.connect();
        Statement one = statement(here);
        Statement other = statement(there);
        ResultSet left = one.executeQuery(query("true"));
        ResultSet right = other.executeQuery(query("NOT _deleted"))) {
      boolean hasLeft = left.next();
      boolean hasRight = right.next();
      while (hasLeft || hasRight) {
        int order = !hasLeft ? 1 : !hasRight ? -1 : Long.compare(left.getLong(1), right.getLong(1));
        if (order < 0) {
          found.add("missing " + left.getString(1));
        } else if (order > 0) {
          found.add("surplus " + right.getString(1));
        } else {
          compare(left, right);
        }
        hasLeft = order <= 0 ? left.next() : hasLeft;
        hasRight = order >= 0 ? right.next() : hasRight;
      }
    }
  }

  private void compare(ResultSet left, ResultSet right) throws SQLException {
    for (int i = 0; i < COLUMNS.size(); i++) {
      if (!Objects.equals(left.getString(i + 2), right.getString(i + 2))) {
        found.add("changed " + left.getString(1) + " " + COLUMNS.get(i));
      }
    }
  }

  /** Only without autocommit does the driver fetch in steps. */
  private static Statement statement(Connection connection) throws SQLException {
    connection.setAutoCommit(false);
    Statement statement = connection.createStatement();
    statement.setFetchSize(FETCH_SIZE);
    return statement;
  }

  private static String query(String condition) {
    return "SELECT id, %s FROM orders WHERE %s ORDER BY id"
        .formatted(String.join("::text, ", COLUMNS) + "::text", condition);
  }

  @Override
  public Outcome outcome() {
    return Outcome.of(String.join(", ", found), 0);
  }
}
