package io.millrace.testdata.shop;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.UUID;

/** The table {@code addresses}, which the workload truncates once and fills again. */
final class Addresses extends Entity<UUID> {

  @Override
  UUID freshKey(Values values) {
    return values.uuid();
  }

  @Override
  String keyQuery() {
    return "SELECT id FROM addresses ORDER BY id";
  }

  @Override
  UUID existingKey(ResultSet row) throws SQLException {
    return row.getObject(1, UUID.class);
  }

  @Override
  void insert(Connection connection, UUID id, Values values) throws SQLException {
    execute(
        connection,
        "INSERT INTO addresses VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        id,
        (long) values.below(100_000),
        values.shortText() + " " + values.below(200),
        values.city(),
        values.oneOf("DE", "BR", "IS", "PL", "JP", "IE", "CA"),
        values.real(),
        values.real(),
        values.date());
  }

  @Override
  void update(Connection connection, UUID id, Values values) throws SQLException {
    execute(
        connection,
        "UPDATE addresses SET street = ?, latitude = ?, longitude = ? WHERE id = ?",
        values.shortText() + " " + values.below(200),
        values.real(),
        values.real(),
        id);
  }

  @Override
  void changeKey(Connection connection, UUID from, UUID to, Values values) throws SQLException {
    execute(connection, "UPDATE addresses SET id = ? WHERE id = ?", to, from);
  }

  @Override
  void delete(Connection connection, UUID id) throws SQLException {
    execute(connection, "DELETE FROM addresses WHERE id = ?", id);
  }

  void truncate(Connection connection) throws SQLException {
    execute(connection, "TRUNCATE addresses");
    keys().buryAll();
  }
}
