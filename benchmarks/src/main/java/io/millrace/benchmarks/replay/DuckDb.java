package io.millrace.benchmarks.replay;

import io.millrace.benchmarks.flink.LocalFlink;
import io.millrace.benchmarks.harness.Contestant;
import io.millrace.benchmarks.harness.Outcome;
import io.millrace.benchmarks.harness.Settings;
import io.millrace.benchmarks.orders.OrderBook;
import io.millrace.benchmarks.orders.OrderChanges;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** DuckDB in this JVM. Columns that the task does not need are not read. */
final class DuckDb implements Contestant {
  private static final String NEWEST =
      """
      WITH changes AS (
        SELECT
          coalesce(after.id, before.id) AS id,
          coalesce(CAST(json_extract_string(source.sequence, '$[0]') AS BIGINT), 0) AS commit_lsn,
          source.snapshot = 'false' AS streamed,
          source.lsn AS lsn,
          op = 'd' AS deleted,
          after AS image
        FROM read_json(
          '%s',
          format = 'newline_delimited',
          columns = {
            before: 'STRUCT(id BIGINT)',
            after: 'STRUCT(id BIGINT, customer_id BIGINT, status VARCHAR, amount VARCHAR,
                currency VARCHAR, placed_at VARCHAR, updated_at BIGINT, note VARCHAR)',
            source: 'STRUCT(snapshot VARCHAR, sequence VARCHAR, lsn BIGINT)',
            op: 'VARCHAR'}))
      SELECT id, commit_lsn, streamed, lsn, deleted, image
      FROM changes
      QUALIFY row_number() OVER (
        PARTITION BY id ORDER BY commit_lsn DESC, streamed DESC, lsn DESC) = 1
      """;

  private final Settings settings;

  DuckDb(Settings settings) {
    this.settings = settings;
  }

  @Override
  public void reset() {
    OrderBook.renew(OrderChanges.keys(settings.number("events")));
  }

  @Override
  public void run() throws SQLException {
    OrderBook book = OrderBook.shared();
    try (Connection database = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = database.createStatement()) {
      statement.execute("SET threads = " + LocalFlink.PARALLELISM);
      statement.execute("CREATE TABLE newest AS " + NEWEST.formatted(settings.text("file")));
      try (ResultSet rows =
          statement.executeQuery("SELECT id, commit_lsn, streamed, lsn, deleted FROM newest")) {
        while (rows.next()) {
          book.put(
              rows.getLong(1),
              rows.getLong(2),
              rows.getBoolean(3) ? 1 : 0,
              rows.getLong(4),
              0,
              rows.getBoolean(5));
        }
      }
    }
  }

  @Override
  public Outcome outcome() {
    return Outcome.of(OrderBook.shared().answer(), 0);
  }
}
