package io.millrace.testdata.shop;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * One table of the shop and the four ways its rows change.
 *
 * <p>A change of the key of a row with a wide column writes the wide column too: PostgreSQL leaves
 * an untouched one out of the event, and for a new key nobody downstream has the old value. (A
 * source that must not care sets {@code REPLICA IDENTITY FULL}.)
 *
 * @param <K> the type of its key
 */
abstract class Entity<K> {
  private final KeyPool<K> keys = new KeyPool<>();

  final KeyPool<K> keys() {
    return keys;
  }

  /** A key that was never used. */
  abstract K freshKey(Values values);

  /** Selects all keys, in order. */
  abstract String keyQuery();

  /** A key of that query; {@link #freshKey} never gives it. */
  abstract K existingKey(ResultSet row) throws SQLException;

  abstract void insert(Connection connection, K key, Values values) throws SQLException;

  abstract void update(Connection connection, K key, Values values) throws SQLException;

  abstract void changeKey(Connection connection, K from, K to, Values values) throws SQLException;

  abstract void delete(Connection connection, K key) throws SQLException;

  final void load(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(keyQuery())) {
      while (rows.next()) {
        keys.add(existingKey(rows));
      }
    }
  }

  final K unusedKey(Values values) {
    return keys.unused(values.random(), () -> freshKey(values));
  }

  static void execute(Connection connection, String sql, Object... parameters) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < parameters.length; i++) {
        statement.setObject(i + 1, parameters[i]);
      }
      statement.executeUpdate();
    }
  }
}
