package io.millrace.pipelines.audit;

import io.millrace.pipelines.launch.LaunchException;
import io.millrace.schemas.contract.TableContract;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a database's catalog says of its tables and views. */
final class PostgresRelations {
  private static final String FIND =
      """
      SELECT c.oid, n.nspname, c.relname, c.relkind IN ('r', 'p', 'm') AS sampled
      FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
      WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f')
        AND (n.nspname = ? OR ?
          AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema')
        AND (c.relname = ? OR ? AND lower(c.relname) = lower(?))
      ORDER BY n.nspname, c.relname
      """;

  /** A text's collation sorts by bytes if it is one of these, or the database's is. */
  private static final String COLUMNS =
      """
      WITH RECURSIVE columns (name, place, type, collation_id) AS (
        SELECT attname, attnum, atttypid, attcollation FROM pg_attribute
        WHERE attrelid = ? AND attnum > 0 AND NOT attisdropped
        UNION ALL
        SELECT name, place, typbasetype, collation_id
        FROM columns JOIN pg_type ON pg_type.oid = type WHERE typtype = 'd')
      SELECT name, typname, coalesce(
        CASE WHEN collname = 'default'
          THEN coalesce(database.settings ->> 'datlocprovider', 'c') IN ('b', 'c')
            AND coalesce(
              database.settings ->> 'datlocale', database.settings ->> 'datcollate')
              IN ('C', 'POSIX', 'C.UTF-8', 'C.utf8')
          ELSE collname IN ('C', 'POSIX', 'C.UTF-8', 'C.utf8', 'ucs_basic', 'pg_c_utf8') END,
        false) AS in_byte_order
      FROM columns JOIN pg_type ON pg_type.oid = type AND typtype <> 'd'
        LEFT JOIN pg_collation ON pg_collation.oid = collation_id
        CROSS JOIN (SELECT to_jsonb(pg_database) AS settings FROM pg_database
          WHERE datname = current_database()) AS database
      ORDER BY place
      """;

  private final Connection connection;

  PostgresRelations(Connection connection) {
    this.connection = connection;
  }

  /**
   * A table or view.
   *
   * @param sampled whether a sample of its blocks can be read
   */
  record Relation(long id, String schema, String name, boolean sampled) {
    String quoted() {
      return CanonicalSql.quote(schema) + "." + CanonicalSql.quote(name);
    }
  }

  /**
   * The relation of a name, in a schema or in any.
   *
   * @param name {@code schema.table}, or the bare name
   * @param anyCase whether the name may be in another case there
   * @throws LaunchException if there are several
   */
  Optional<Relation> find(String name, boolean anyCase) throws SQLException {
    int dot = name.indexOf('.');
    return dot < 0
        ? find(null, name, anyCase)
        : find(name.substring(0, dot), name.substring(dot + 1), anyCase);
  }

  /** The relation of this schema and name; of any schema if it is null. */
  Optional<Relation> find(String schema, String name, boolean anyCase) throws SQLException {
    try (PreparedStatement query = connection.prepareStatement(FIND)) {
      query.setString(1, schema);
      query.setBoolean(2, schema == null);
      query.setString(3, name);
      query.setBoolean(4, anyCase);
      query.setString(5, name);
      List<Relation> found = new ArrayList<>();
      ResultSet rows = query.executeQuery();
      while (rows.next()) {
        found.add(
            new Relation(
                rows.getLong(1), rows.getString(2), rows.getString(3), rows.getBoolean(4)));
      }
      Optional<Relation> exact =
          found.stream().filter(relation -> relation.name().equals(name)).findFirst();
      boolean isClear = found.size() <= 1 || (schema != null && exact.isPresent());
      if (!isClear) {
        throw LaunchException.input(
            "the database has several tables "
                + name
                + " ("
                + String.join(", ", found.stream().map(Relation::quoted).toList())
                + "); say in the contract which one: physicalName: SCHEMA.TABLE");
      }
      return exact.or(() -> found.stream().findFirst());
    }
  }

  /** The columns of a relation, by their names there, in their order. */
  List<SideColumn> columns(Relation relation) throws SQLException {
    try (PreparedStatement query = connection.prepareStatement(COLUMNS)) {
      query.setLong(1, relation.id());
      List<SideColumn> columns = new ArrayList<>();
      ResultSet rows = query.executeQuery();
      while (rows.next()) {
        columns.add(new SideColumn(rows.getString(1), rows.getString(2), rows.getBoolean(3)));
      }
      return columns;
    }
  }

  /** The columns that a contract names, by these names. */
  static Map<String, SideColumn> named(
      TableContract table, List<SideColumn> columns, boolean atSource) {
    Map<String, SideColumn> named = new HashMap<>();
    for (var contract : table.columns()) {
      String name = atSource ? contract.physicalName() : contract.name();
      Optional<SideColumn> exact =
          columns.stream().filter(column -> column.name().equals(name)).findFirst();
      exact
          .or(
              () ->
                  columns.stream()
                      .filter(column -> atSource && table.isNamed(name, column.name()))
                      .findFirst())
          .filter(column -> !(atSource && contract.isDerived()))
          .ifPresent(column -> named.put(contract.name(), column));
    }
    return named;
  }

  /** About how many rows there are, by the sizes of the tables and what was last counted. */
  long estimate(Relation relation) throws SQLException {
    try (PreparedStatement query =
        connection.prepareStatement(
            """
            SELECT coalesce(sum(
              CASE WHEN reltuples > 0 AND relpages > 0
                THEN reltuples / relpages * (pg_relation_size(oid) / 8192.0)
                ELSE pg_relation_size(oid) / 100.0 END), 0)
            FROM pg_class
            WHERE relkind IN ('r', 'm')
              AND (oid = ? OR oid IN (SELECT relid FROM pg_partition_tree(?)))
            """)) {
      query.setLong(1, relation.id());
      query.setLong(2, relation.id());
      ResultSet rows = query.executeQuery();
      rows.next();
      return (long) rows.getDouble(1);
    }
  }

  /** Whether the database's texts are in UTF-8. */
  boolean isUtf8() throws SQLException {
    try (PreparedStatement query =
        connection.prepareStatement("SELECT current_setting('server_encoding') = 'UTF8'")) {
      ResultSet rows = query.executeQuery();
      rows.next();
      return rows.getBoolean(1);
    }
  }
}
