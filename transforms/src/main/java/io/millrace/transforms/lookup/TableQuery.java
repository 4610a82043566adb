package io.millrace.transforms.lookup;

import io.millrace.transforms.warehouse.RowReader;
import io.millrace.transforms.warehouse.Warehouse;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.function.Consumer;
import org.apache.beam.sdk.values.KV;

/**
 * A table that is a query's answer in PostgreSQL: of one statement, so as it is at one time.
 *
 * <pre>{@code
 * TableQuery.of(
 *     Warehouse.at("jdbc:postgresql://localhost:5432/shop").withUser("reader"),
 *     "segments",
 *     "SELECT customer_id, segment FROM crm.segments WHERE valid",
 *     row -> KV.of(row.getLong(1), row.getString(2)))
 * }</pre>
 */
public final class TableQuery<K, R> implements TableSource<K, R> {
  private static final long serialVersionUID = 1L;
  private static final int ROWS_AT_A_TIME = 10_000;

  private final Warehouse database;
  private final String name;
  private final String query;
  private final RowReader<KV<K, R>> row;

  private TableQuery(Warehouse database, String name, String query, RowReader<KV<K, R>> row) {
    this.database = database;
    this.name = name;
    this.query = query;
    this.row = row;
  }

  /**
   * The answer to a query.
   *
   * @param database where it is asked, and as whom
   * @param name of the table, for errors and on a runner's page
   * @param query in SQL, which is sent as it is: let nobody write it who may not
   * @param row makes a row and its key of each row of the answer
   */
  public static <K, R> TableQuery<K, R> of(
      Warehouse database, String name, String query, RowReader<KV<K, R>> row) {
    return new TableQuery<>(database, name, query, row);
  }

  @Override
  public void read(Consumer<KV<K, R>> rows) throws SQLException {
    try (Connection connection = database.connect()) {
      // In a transaction the driver fetches rows as they are needed.
      connection.setReadOnly(true);
      try (PreparedStatement statement = connection.prepareStatement(query)) {
        statement.setFetchSize(ROWS_AT_A_TIME);
        try (ResultSet answer = statement.executeQuery()) {
          while (answer.next()) {
            rows.accept(row.read(answer));
          }
        }
      }
      connection.rollback();
    }
  }

  @Override
  public String toString() {
    return name + " of " + database;
  }
}
