package io.millrace.benchmarks.warehouse;

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
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** A contestant's table, seen over a connection that does no work itself. */
final class SinkTable implements AutoCloseable {
  private final String name;
  private final Database database;
  private final Connection connection;
  private final ServerProcesses processes;
  private double before;
  private double after;

  SinkTable(String name, Settings settings) throws IOException, SQLException {
    this.name = name;
    this.database =
        new Database(
            settings.text("url"),
            settings.text("user"),
            Files.readString(Path.of(settings.text("password"))));
    this.connection = database.connect();
    this.processes = ServerProcesses.of(connection);
  }

  String name() {
    return name;
  }

  Database database() {
    return database;
  }

  /** Creates it anew, with the columns of the rows. */
  void create(String more) throws SQLException {
    execute("DROP TABLE IF EXISTS " + name);
    execute("CREATE TABLE " + name + " (" + String.join(", ", OrderRow.COLUMNS) + more + ")");
  }

  /** Empties it, has the server write out what waits, and begins to count its CPU time. */
  void begin() throws SQLException, IOException {
    execute("TRUNCATE " + name);
    execute("CHECKPOINT");
    before = processes.cpuSeconds();
  }

  /** Ends the count. */
  void end() throws IOException {
    after = processes.cpuSeconds();
  }

  /** How many rows there are and a sum over all their values. */
  Outcome outcome(Map<String, String> shown) throws SQLException {
    return outcome(name, shown);
  }

  /** The same of something else to select from. */
  Outcome outcome(String source, Map<String, String> shown) throws SQLException {
    String columns =
        OrderRow.COLUMNS.stream()
            .map(column -> column.substring(0, column.indexOf(' ')))
            .map(column -> column.endsWith("_at") ? "extract(epoch FROM " + column + ")" : column)
            .collect(Collectors.joining(", "));
    try (Statement statement = connection.createStatement();
        ResultSet answer =
            statement.executeQuery(
                "SELECT count(*) || ' rows, ' || md5(string_agg(md5(ROW("
                    + columns
                    + ")::text), '' ORDER BY id)) FROM "
                    + source)) {
      answer.next();
      String server = String.format(Locale.ROOT, "%.2f s", after - before);
      return new Outcome(
          answer.getString(1),
          0,
          after - before,
          shown.isEmpty() ? Map.of("server CPU", server) : with(shown, server));
    }
  }

  private static Map<String, String> with(Map<String, String> shown, String server) {
    Map<String, String> all = new java.util.TreeMap<>(shown);
    all.put("server CPU", server);
    return all;
  }

  /** How many rows something has. */
  String count(String source) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet answer = statement.executeQuery("SELECT count(*) FROM " + source)) {
      answer.next();
      return String.format(Locale.ROOT, "%,d", answer.getLong(1));
    }
  }

  void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
