package io.millrace.testdata.shop;

import io.millrace.testdata.shop.CurrentColumns.Cell;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One table of the shop and the four ways its rows change.
 *
 * <p>A change of the key of a row with a wide column writes the wide column too: PostgreSQL leaves
 * an untouched one out of the event, and for a new key nobody downstream has the old value. (A
 * source that must not care sets {@code REPLICA IDENTITY FULL}.)
 *
 * <p>Its statements name the columns as {@link HeldTables} found them last.
 *
 * @param <K> the type of its key
 */
abstract class Entity<K> {
  private final KeyPool<K> keys = new KeyPool<>();
  private final String table;
  private final List<String> keyColumns;
  private final CurrentColumns columns;

  /**
   * @param keyColumns the names that the table's first columns were made with
   * @param others those of all others, in their order
   */
  Entity(String table, List<String> keyColumns, String... others) {
    this.table = table;
    this.keyColumns = keyColumns;
    this.columns =
        new CurrentColumns(Stream.concat(keyColumns.stream(), Stream.of(others)).toList());
  }

  final String table() {
    return table;
  }

  final CurrentColumns columns() {
    return columns;
  }

  final KeyPool<K> keys() {
    return keys;
  }

  /** A key that was never used. */
  abstract K freshKey(Values values);

  /** The values of the key's columns. */
  abstract List<?> keyValues(K key);

  /** A key of a row that is there; {@link #freshKey} never gives it. */
  abstract K existingKey(ResultSet row) throws SQLException;

  /** All other columns of a new row. */
  abstract NewValues row(K key, Values values);

  /** What an update sets. */
  abstract NewValues changes(Values values);

  /** What a change of the key sets besides. */
  NewValues changesWithKey(Values values) {
    return new NewValues();
  }

  final void load(Connection connection) throws SQLException {
    String names = joined(keyColumns.stream().map(columns::nameOf), ", ");
    try (Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery("SELECT " + names + " FROM " + table + " ORDER BY " + names)) {
      while (rows.next()) {
        keys.add(existingKey(rows));
      }
    }
  }

  final K unusedKey(Values values) {
    return keys.unused(values.random(), () -> freshKey(values));
  }

  final void insert(Connection connection, K key, Values values) throws SQLException {
    List<Cell> cells = new ArrayList<>(keyCells(key));
    cells.addAll(columns.changed(row(key, values), values));
    execute(
        connection,
        "INSERT INTO %s (%s) VALUES (%s)"
            .formatted(
                table,
                joined(cells.stream().map(Cell::name), ", "),
                joined(cells.stream().map(Cell::placeholder), ", ")),
        cells);
  }

  final void update(Connection connection, K key, Values values) throws SQLException {
    update(connection, key, columns.changed(changes(values), values));
  }

  final void changeKey(Connection connection, K from, K to, Values values) throws SQLException {
    List<Cell> cells = new ArrayList<>(keyCells(to));
    cells.addAll(columns.exactly(changesWithKey(values)));
    update(connection, from, cells);
  }

  private void update(Connection connection, K key, List<Cell> changes) throws SQLException {
    List<Cell> where = keyCells(key);
    // Somebody may have dropped all that it would set.
    List<Cell> set = changes.isEmpty() ? where : changes;
    List<Cell> cells = new ArrayList<>(set);
    cells.addAll(where);
    execute(
        connection,
        "UPDATE %s SET %s WHERE %s"
            .formatted(
                table,
                joined(set.stream().map(Cell::assignment), ", "),
                joined(where.stream().map(Cell::assignment), " AND ")),
        cells);
  }

  final void delete(Connection connection, K key) throws SQLException {
    List<Cell> where = keyCells(key);
    execute(
        connection,
        "DELETE FROM %s WHERE %s"
            .formatted(table, joined(where.stream().map(Cell::assignment), " AND ")),
        where);
  }

  final void truncate(Connection connection) throws SQLException {
    execute(connection, "TRUNCATE " + table, List.of());
    keys.buryAll();
  }

  private List<Cell> keyCells(K key) {
    List<?> keyValues = keyValues(key);
    NewValues values = new NewValues();
    for (int i = 0; i < keyColumns.size(); i++) {
      values.set(keyColumns.get(i), keyValues.get(i));
    }
    return columns.exactly(values);
  }

  private static String joined(Stream<String> parts, String separator) {
    return parts.collect(Collectors.joining(separator));
  }

  private static void execute(Connection connection, String sql, List<Cell> cells)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < cells.size(); i++) {
        statement.setObject(i + 1, cells.get(i).value());
      }
      statement.executeUpdate();
    }
  }
}
