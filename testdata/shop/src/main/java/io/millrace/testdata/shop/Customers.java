package io.millrace.testdata.shop;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Locale;

/** The table {@code customers}. */
final class Customers extends Entity<Long> {
  private long last;

  @Override
  Long freshKey(Values values) {
    return ++last;
  }

  @Override
  String keyQuery() {
    return "SELECT id FROM customers ORDER BY id";
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
        "INSERT INTO customers VALUES (?, ?, ?, ?::customer_tier, ?, ?, ?, ?::jsonb, ?)",
        id,
        values.letters(6).toLowerCase(Locale.ROOT) + "." + id + "@example.com",
        values.personName(),
        values.oneOf("bronze", "silver", "gold"),
        values.chance(0.2) ? null : values.date(),
        values.balance(),
        values.chance(0.8),
        values.json(),
        values.instant());
  }

  @Override
  void update(Connection connection, Long id, Values values) throws SQLException {
    execute(
        connection,
        "UPDATE customers SET balance = ?, tier = ?::customer_tier, preferences = ?::jsonb,"
            + " active = NOT active WHERE id = ?",
        values.balance(),
        values.oneOf("bronze", "silver", "gold"),
        values.json(),
        id);
  }

  @Override
  void changeKey(Connection connection, Long from, Long to, Values values) throws SQLException {
    execute(connection, "UPDATE customers SET id = ? WHERE id = ?", to, from);
  }

  @Override
  void delete(Connection connection, Long id) throws SQLException {
    execute(connection, "DELETE FROM customers WHERE id = ?", id);
  }
}
