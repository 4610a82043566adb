package io.millrace.transforms.warehouse;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Reads what there is to tell of versions. */
final class VersionList {
  private static final String VERSIONS =
      "SELECT v.\"version\", v.\"contract\", v.\"created_at\", v.\"in_service_since\","
          + " v.\"retired_at\","
          + " (SELECT coalesce(sum(greatest(c.reltuples, 0)), 0)::bigint"
          + " FROM \"_millrace\".\"version_tables\" AS t JOIN pg_catalog.pg_namespace AS n"
          + " ON n.nspname = t.\"schema\" || '_v' || t.\"version\" JOIN pg_catalog.pg_class AS c"
          + " ON c.relnamespace = n.oid AND c.relname = t.\"table\""
          + " WHERE t.\"schema\" = v.\"schema\" AND t.\"version\" = v.\"version\"),"
          + " (SELECT coalesce(sum(pg_catalog.pg_total_relation_size(c.oid)), 0)::bigint"
          + " FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n"
          + " ON n.oid = c.relnamespace WHERE n.nspname = v.\"schema\" || '_v' || v.\"version\""
          + " AND c.relkind = 'r')"
          + " FROM \"_millrace\".\"versions\" AS v WHERE v.\"schema\" = ? ORDER BY v.\"version\"";

  private static final String PROGRESS =
      "SELECT left(\"source\", length(\"source\") - length(?)), \"committed_at\""
          + " FROM \"_millrace\".\"progress\" WHERE right(\"source\", length(?)) = ?"
          + " AND \"committed_at\" IS NOT NULL AND isfinite(\"committed_at\")";

  static List<TableVersion> read(Connection connection, String schema) throws SQLException {
    List<TableVersion> versions = new ArrayList<>();
    if (!new VersionCatalog(connection, schema).isKept()) {
      return versions;
    }
    try (PreparedStatement statement = connection.prepareStatement(VERSIONS)) {
      statement.setString(1, schema);
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          String tables = Versions.schemaOf(schema, rows.getInt(1));
          versions.add(
              new TableVersion(
                  rows.getInt(1),
                  tables,
                  rows.getString(2),
                  rows.getObject(3, OffsetDateTime.class).toInstant(),
                  instant(rows, 4),
                  instant(rows, 5),
                  tables(connection, schema, rows.getInt(1)),
                  rows.getLong(6),
                  rows.getLong(7),
                  progress(connection, tables)));
        }
      }
    }
    return versions;
  }

  private static List<String> tables(Connection connection, String schema, int version)
      throws SQLException {
    return new VersionCatalog(connection, schema)
        .tables(version).stream().map(VersionedTable::name).toList();
  }

  private static Map<String, Instant> progress(Connection connection, String tables)
      throws SQLException {
    Map<String, Instant> progress = new TreeMap<>();
    try (PreparedStatement statement = connection.prepareStatement(PROGRESS)) {
      for (int i = 1; i <= 3; i++) {
        statement.setString(i, "@" + tables);
      }
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          progress.put(rows.getString(1), rows.getObject(2, OffsetDateTime.class).toInstant());
        }
      }
    }
    return progress;
  }

  private static @Nullable Instant instant(ResultSet rows, int column) throws SQLException {
    OffsetDateTime time = rows.getObject(column, OffsetDateTime.class);
    return time == null ? null : time.toInstant();
  }

  private VersionList() {}
}
