package io.millrace.transforms.warehouse;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * A table or view as it stands in the database.
 *
 * @param kind PostgreSQL's {@code relkind}: r for a table, p for a partitioned one, v for a view
 * @param columns by name, in their order
 * @param primaryKey the name of the primary key's constraint
 * @param keyColumns the primary key's columns
 */
record ExistingTable(
    String kind,
    Map<String, ExistingColumn> columns,
    @Nullable String primaryKey,
    List<String> keyColumns) {

  /**
   * One column.
   *
   * @param type as {@code format_type} spells it
   * @param isFilled whether the database gives a value where an insert does not
   * @param isGenerated whether the database computes the value
   * @param isIdentity whether the database numbers the rows and allows no other number
   */
  record ExistingColumn(
      String type, boolean isRequired, boolean isFilled, boolean isGenerated, boolean isIdentity) {}

  private static final String KIND =
      "SELECT c.oid, c.relkind::text FROM pg_catalog.pg_class AS c"
          + " JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace"
          + " WHERE n.nspname = ? AND c.relname = ?";

  private static final String COLUMNS =
      "SELECT a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod), a.attnotnull,"
          + " a.atthasdef OR a.attidentity <> '', a.attgenerated <> '', a.attidentity = 'a'"
          + " FROM pg_catalog.pg_attribute AS a"
          + " WHERE a.attrelid = ? AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum";

  private static final String PRIMARY_KEY =
      "SELECT c.conname, a.attname FROM pg_catalog.pg_constraint AS c"
          + " JOIN pg_catalog.pg_attribute AS a"
          + " ON a.attrelid = c.conrelid AND a.attnum = ANY (c.conkey)"
          + " WHERE c.conrelid = ? AND c.contype = 'p'"
          + " ORDER BY array_position(c.conkey, a.attnum)";

  /** What is there under a name, if anything is. */
  static Optional<ExistingTable> find(Connection connection, String schema, String name)
      throws SQLException {
    long id;
    String kind;
    try (PreparedStatement statement = connection.prepareStatement(KIND)) {
      statement.setString(1, schema);
      statement.setString(2, name);
      try (ResultSet rows = statement.executeQuery()) {
        if (!rows.next()) {
          return Optional.empty();
        }
        id = rows.getLong(1);
        kind = rows.getString(2);
      }
    }
    Map<String, ExistingColumn> columns = new LinkedHashMap<>();
    try (PreparedStatement statement = connection.prepareStatement(COLUMNS)) {
      statement.setLong(1, id);
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          columns.put(
              rows.getString(1),
              new ExistingColumn(
                  rows.getString(2),
                  rows.getBoolean(3),
                  rows.getBoolean(4),
                  rows.getBoolean(5),
                  rows.getBoolean(6)));
        }
      }
    }
    String primaryKey = null;
    List<String> keyColumns = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(PRIMARY_KEY)) {
      statement.setLong(1, id);
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          primaryKey = rows.getString(1);
          keyColumns.add(rows.getString(2));
        }
      }
    }
    return Optional.of(new ExistingTable(kind, columns, primaryKey, keyColumns));
  }

  boolean isTable() {
    return kind.equals("r") || kind.equals("p");
  }

  boolean isView() {
    return kind.equals("v");
  }
}
