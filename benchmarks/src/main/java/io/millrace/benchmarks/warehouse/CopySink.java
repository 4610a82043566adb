package io.millrace.benchmarks.warehouse;

import io.millrace.benchmarks.harness.Contestant;
import io.millrace.benchmarks.harness.Outcome;
import io.millrace.benchmarks.harness.Settings;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/**
 * COPY of lines that are ready before the clock starts: into the table itself, which then holds
 * every change and no key, or into a temporary table from which each batch is upserted.
 */
final class CopySink implements Contestant {
  private static final int BATCH = 10_000;

  private final SinkTable table;
  private final Connection connection;
  private final List<byte[]> batches = new ArrayList<>();
  private final boolean upsert;
  private final String upsertSql;

  /** Every change as a row. */
  static CopySink appending(Settings settings) throws IOException, SQLException {
    return new CopySink("copied_orders", false, settings);
  }

  /** A row for each key, without a guard against older changes. */
  static CopySink upserting(Settings settings) throws IOException, SQLException {
    return new CopySink("copy_upserted_orders", true, settings);
  }

  private CopySink(String name, boolean upsert, Settings settings)
      throws IOException, SQLException {
    this.upsert = upsert;
    this.table = new SinkTable(name, settings);
    this.connection = table.database().connect();
    table.create(upsert ? ", PRIMARY KEY (id)" : ", number bigserial");
    connection.setAutoCommit(false);
    try (Statement statement = connection.createStatement()) {
      statement.execute(
          "CREATE TEMPORARY TABLE staged ("
              + String.join(", ", OrderRow.COLUMNS)
              + ", number bigserial) ON COMMIT DELETE ROWS");
      connection.commit();
    }
    List<OrderRow> rows = OrderRow.generate(settings.number("events"));
    for (int from = 0; from < rows.size(); from += BATCH) {
      ByteArrayOutputStream batch = new ByteArrayOutputStream();
      for (OrderRow row : rows.subList(from, Math.min(from + BATCH, rows.size()))) {
        batch.writeBytes(row.line().getBytes(StandardCharsets.UTF_8));
      }
      batches.add(batch.toByteArray());
    }
    String sets =
        names().stream()
            .skip(1)
            .map(column -> column + " = excluded." + column)
            .collect(Collectors.joining(", "));
    this.upsertSql =
        "INSERT INTO "
            + name
            + " SELECT DISTINCT ON (id) "
            + String.join(", ", names())
            + " FROM staged ORDER BY id, number DESC ON CONFLICT (id) DO UPDATE SET "
            + sets;
  }

  private static List<String> names() {
    return OrderRow.COLUMNS.stream()
        .map(column -> column.substring(0, column.indexOf(' ')))
        .toList();
  }

  @Override
  public void reset() throws SQLException, IOException {
    table.begin();
  }

  @Override
  public void run() throws SQLException, IOException {
    String into = upsert ? "staged" : table.name();
    String sql = "COPY " + into + " (" + String.join(", ", names()) + ") FROM STDIN";
    for (byte[] batch : batches) {
      CopyIn copy = connection.unwrap(PGConnection.class).getCopyAPI().copyIn(sql);
      copy.writeToCopy(batch, 0, batch.length);
      copy.endCopy();
      if (upsert) {
        try (Statement statement = connection.createStatement()) {
          statement.executeUpdate(upsertSql);
        }
      }
      connection.commit();
    }
    table.end();
  }

  @Override
  public Outcome outcome() throws SQLException {
    return upsert
        ? table.outcome(Map.of())
        : table.outcome(
            "(SELECT DISTINCT ON (id) * FROM "
                + table.name()
                + " ORDER BY id, number DESC) AS newest",
            Map.of());
  }

  @Override
  public void close() {
    table.close();
    try {
      connection.close();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
