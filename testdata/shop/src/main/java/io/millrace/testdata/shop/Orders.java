package io.millrace.testdata.shop;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;

/** The table {@code orders}; its {@code notes} are sometimes wide. */
final class Orders extends Entity<Long> {
  private long last;

  @Override
  Long freshKey(Values values) {
    return ++last;
  }

  @Override
  String keyQuery() {
    return "SELECT id FROM orders ORDER BY id";
  }

  @Override
  Long existingKey(ResultSet row) throws SQLException {
    last = Math.max(last, row.getLong(1));
    return row.getLong(1);
  }

  @Override
  void insert(Connection connection, Long id, Values values) throws SQLException {
    execute(
        connection,
        "INSERT INTO orders VALUES (?, ?, ?::order_status, ?, ?, ?, ?, ?, ?::jsonb, ?)",
        id,
        (long) values.below(100_000),
        "new",
        values.instant(),
        values.chance(0.5) ? null : values.date(),
        values.decimal(12, 2),
        values.real(),
        values.chance(0.7) ? null : values.uuid(),
        values.json(),
        values.chance(0.2) ? values.wideText() : values.chance(0.5) ? null : values.shortText());
  }

  @Override
  void update(Connection connection, Long id, Values values) throws SQLException {
    execute(
        connection,
        "UPDATE orders SET status = ?::order_status, total = ?, ship_by = ?, attributes = ?::jsonb"
            + " WHERE id = ?",
        values.oneOf("paid", "shipped", "cancelled"),
        values.decimal(12, 2),
        values.date(),
        values.json(),
        id);
  }

  @Override
  void changeKey(Connection connection, Long from, Long to, Values values) throws SQLException {
    execute(
        connection,
        "UPDATE orders SET id = ?, notes = ? WHERE id = ?",
        to,
        values.wideText(),
        from);
  }

  @Override
  void delete(Connection connection, Long id) throws SQLException {
    execute(connection, "DELETE FROM orders WHERE id = ?", id);
  }
}
