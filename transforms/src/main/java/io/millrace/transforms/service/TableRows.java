package io.millrace.transforms.service;

import io.millrace.transforms.warehouse.RowReader;
import io.millrace.transforms.warehouse.Warehouse;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.beam.sdk.values.KV;
import org.joda.time.Duration;

/**
 * A table of PostgreSQL as a service: a batch of keys is one statement, {@code WHERE key = ANY(…)}.
 * It takes a unique column for the key; two rows of a key refuse it.
 *
 * <pre>{@code
 * TableRows.of(
 *         Warehouse.at("jdbc:postgresql://localhost:5432/shop").withUser("reader"),
 *         "customers",
 *         "id",
 *         "int8",
 *         row -> KV.of(row.getLong("id"), row.getString("segment")))
 *     .inSchema("crm")
 *     .selecting("id", "segment");
 * }</pre>
 */
public final class TableRows<K, R> implements ServiceConnector<K, R> {
  private static final long serialVersionUID = 1L;

  private final Warehouse database;
  private final String schema;
  private final String table;
  private final String keyColumn;
  private final String keyType;
  private final List<String> columns;
  private final Duration timeout;
  private final RowReader<KV<K, R>> row;

  private TableRows(
      Warehouse database,
      String schema,
      String table,
      String keyColumn,
      String keyType,
      List<String> columns,
      Duration timeout,
      RowReader<KV<K, R>> row) {
    this.database = database;
    this.schema = schema;
    this.table = table;
    this.keyColumn = keyColumn;
    this.keyType = keyType;
    this.columns = columns;
    this.timeout = timeout;
    this.row = row;
  }

  /**
   * A table in the schema {@code public}, all columns of it. Names are taken as they are: quoted.
   *
   * @param database where it is, and as whom it is asked
   * @param keyType PostgreSQL's name of the key column's type, such as {@code int8}, {@code text}
   *     or {@code uuid}; its driver takes the keys for that
   * @param row makes an answer and its key, equal to the one asked for, of each row
   */
  public static <K, R> TableRows<K, R> of(
      Warehouse database, String table, String keyColumn, String keyType, RowReader<KV<K, R>> row) {
    return new TableRows<>(
        database,
        "public",
        table,
        keyColumn,
        keyType,
        List.of(),
        Duration.standardSeconds(10),
        row);
  }

  /** The same in another schema. */
  public TableRows<K, R> inSchema(String name) {
    return new TableRows<>(database, name, table, keyColumn, keyType, columns, timeout, row);
  }

  /** Asks for these columns only. */
  public TableRows<K, R> selecting(String... names) {
    return new TableRows<>(
        database, schema, table, keyColumn, keyType, List.of(names), timeout, row);
  }

  /**
   * Has the database cancel a statement that takes longer; 10 seconds if not said. The driver pays
   * no heed to interrupts, so let it not exceed {@link CallService#withTimeout} by much.
   *
   * @throws IllegalArgumentException if it is less than a second
   */
  public TableRows<K, R> withTimeout(Duration time) {
    if (time.getStandardSeconds() < 1) {
      throw new IllegalArgumentException("the timeout must be a second or more, got " + time);
    }
    return new TableRows<>(database, schema, table, keyColumn, keyType, columns, time, row);
  }

  /** Connects, and makes sure that the table is there and has the columns. */
  @Override
  public ServiceClient<K, R> connect() throws SQLException {
    String query = query();
    try (Connection connection = database.connect()) {
      try (PreparedStatement statement = connection.prepareStatement(query)) {
        statement.setArray(1, connection.createArrayOf(keyType, new Object[0]));
        statement.executeQuery().close();
      }
      connection.rollback();
      return new TableClient<>(database, query, keyType, (int) timeout.getStandardSeconds(), row);
    }
  }

  private String query() {
    String what =
        columns.isEmpty()
            ? "*"
            : columns.stream().map(database::quote).collect(Collectors.joining(", "));
    return "SELECT %s FROM %s.%s WHERE %s = ANY(?)"
        .formatted(what, database.quote(schema), database.quote(table), database.quote(keyColumn));
  }

  @Override
  public String toString() {
    return schema + "." + table + " of " + database;
  }
}
