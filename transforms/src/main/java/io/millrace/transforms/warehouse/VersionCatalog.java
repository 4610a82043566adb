package io.millrace.transforms.warehouse;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * What {@code _millrace} knows of the versions of one schema's tables: which there are ({@code
 * versions}), what each consists of ({@code version_tables}), which views Millrace made in the
 * schema that serves ({@code served_views}), and when which version began to serve ({@code
 * cutovers}). The caller holds {@link WarehouseTables#lock}.
 */
final class VersionCatalog {
  private static final Map<String, String> TABLES =
      Map.of(
          "versions",
          "CREATE TABLE \"_millrace\".\"versions\" (\"schema\" text, \"version\" integer,"
              + " \"contract\" text, \"created_at\" timestamptz NOT NULL DEFAULT now(),"
              + " \"in_service_since\" timestamptz, \"retired_at\" timestamptz,"
              + " PRIMARY KEY (\"schema\", \"version\"));"
              + " CREATE UNIQUE INDEX \"versions_in_service\" ON \"_millrace\".\"versions\""
              + " (\"schema\") WHERE \"in_service_since\" IS NOT NULL",
          "version_tables",
          "CREATE TABLE \"_millrace\".\"version_tables\" (\"schema\" text, \"version\" integer,"
              + " \"table\" text, \"live_view\" text NOT NULL, \"history_view\" text,"
              + " \"as_of_function\" text, PRIMARY KEY (\"schema\", \"version\", \"table\"))",
          "served_views",
          "CREATE TABLE \"_millrace\".\"served_views\" (\"schema\" text, \"view\" text,"
              + " PRIMARY KEY (\"schema\", \"view\"))",
          "cutovers",
          "CREATE TABLE \"_millrace\".\"cutovers\" (\"number\" bigint GENERATED ALWAYS AS IDENTITY"
              + " PRIMARY KEY, \"schema\" text NOT NULL, \"at\" timestamptz NOT NULL DEFAULT now(),"
              + " \"from_version\" integer, \"to_version\" integer NOT NULL, \"by\" text NOT NULL"
              + " DEFAULT current_user, \"audit\" text NOT NULL)");

  /** What is kept of each table; batches read the first before they write. */
  private static final List<String> KEPT_BY_TABLE =
      List.of("truncations", "snapshots", "history_ends", "tombstones", "builds");

  private static final String NOTE =
      "INSERT INTO \"_millrace\".\"versions\" (\"schema\", \"version\", \"contract\")"
          + " VALUES (?, ?, ?) ON CONFLICT (\"schema\", \"version\") DO UPDATE"
          + " SET \"contract\" = excluded.\"contract\"";

  private static final String KNOW =
      "INSERT INTO \"_millrace\".\"version_tables\" VALUES (?, ?, ?, ?, ?, ?)"
          + " ON CONFLICT (\"schema\", \"version\", \"table\") DO UPDATE SET"
          + " \"live_view\" = excluded.\"live_view\","
          + " \"history_view\" = excluded.\"history_view\","
          + " \"as_of_function\" = excluded.\"as_of_function\"";

  private static final String RETIRE =
      "UPDATE \"_millrace\".\"versions\" SET \"in_service_since\" = NULL, \"retired_at\" = now()"
          + " WHERE \"schema\" = ? AND \"in_service_since\" IS NOT NULL";

  private static final String ENTER =
      "UPDATE \"_millrace\".\"versions\" SET \"in_service_since\" = now(), \"retired_at\" = NULL"
          + " WHERE \"schema\" = ? AND \"version\" = ?";

  private static final String LOG =
      "INSERT INTO \"_millrace\".\"cutovers\" (\"schema\", \"from_version\", \"to_version\","
          + " \"audit\") VALUES (?, ?, ?, ?)";

  private static final String BEFORE =
      "SELECT c.\"from_version\" FROM \"_millrace\".\"cutovers\" AS c"
          + " JOIN \"_millrace\".\"versions\" AS v ON v.\"schema\" = c.\"schema\""
          + " AND v.\"version\" = c.\"to_version\" AND v.\"in_service_since\" IS NOT NULL"
          + " WHERE c.\"schema\" = ? ORDER BY c.\"number\" DESC LIMIT 1";

  /** Tables that Millrace made in a schema itself; they are known by their truncates. */
  private static final String UNVERSIONED =
      "SELECT c.relname FROM pg_catalog.pg_class AS c"
          + " JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace"
          + " JOIN \"_millrace\".\"truncations\" AS t"
          + " ON t.\"table\" = n.nspname || '.' || c.relname"
          + " WHERE n.nspname = ? AND c.relkind IN ('r', 'p') ORDER BY c.relname";

  private final Connection connection;
  private final String schema;

  /**
   * @param schema that serves
   */
  VersionCatalog(Connection connection, String schema) {
    this.connection = connection;
    this.schema = schema;
  }

  /** Whether there were ever versions in this warehouse. */
  boolean isKept() throws SQLException {
    return ExistingTable.find(connection, ControlTables.SCHEMA, "cutovers").isPresent();
  }

  /** Makes its tables where they are missing. */
  void create() throws SQLException {
    for (Map.Entry<String, String> table : TABLES.entrySet()) {
      if (ExistingTable.find(connection, ControlTables.SCHEMA, table.getKey()).isEmpty()) {
        try (Statement statement = connection.createStatement()) {
          statement.execute(table.getValue());
        }
      }
    }
  }

  /**
   * Notes that there is a version.
   *
   * @param contract its id and version
   */
  void note(int version, String contract) throws SQLException {
    update(NOTE, schema, version, contract);
  }

  /** Notes that a version has a table. */
  void know(int version, VersionedTable table) throws SQLException {
    update(
        KNOW,
        schema,
        version,
        table.name(),
        table.liveView(),
        table.historyView(),
        table.asOfFunction());
  }

  /** Lets a version serve, in place of the one that does. */
  void enter(int version, String audit) throws SQLException {
    Integer from = inService();
    update(RETIRE, schema);
    update(ENTER, schema, version);
    update(LOG, schema, from, version, audit);
  }

  /** The version that serves; null if none does. */
  @Nullable Integer inService() throws SQLException {
    List<Integer> versions =
        query(
            "SELECT \"version\" FROM \"_millrace\".\"versions\" WHERE \"schema\" = ?"
                + " AND \"in_service_since\" IS NOT NULL",
            row -> row.getInt(1),
            schema);
    return versions.isEmpty() ? null : versions.get(0);
  }

  /** The version that served before the one that does; null if there was none. */
  @Nullable Integer before() throws SQLException {
    List<Integer> versions = query(BEFORE, row -> row.getInt(1), schema);
    return versions.isEmpty() || versions.get(0) == 0 ? null : versions.get(0);
  }

  /** The numbers of all versions, in their order. */
  List<Integer> versions() throws SQLException {
    return query(
        "SELECT \"version\" FROM \"_millrace\".\"versions\" WHERE \"schema\" = ? ORDER BY 1",
        row -> row.getInt(1),
        schema);
  }

  /** The tables of a version, by name. */
  List<VersionedTable> tables(int version) throws SQLException {
    return query(
        "SELECT \"table\", \"live_view\", \"history_view\", \"as_of_function\""
            + " FROM \"_millrace\".\"version_tables\" WHERE \"schema\" = ? AND \"version\" = ?"
            + " ORDER BY 1",
        row ->
            new VersionedTable(
                row.getString(1), row.getString(2), row.getString(3), row.getString(4)),
        schema,
        version);
  }

  /** The views in the schema that serves which are Millrace's own. */
  Set<String> served() throws SQLException {
    return new TreeSet<>(
        query(
            "SELECT \"view\" FROM \"_millrace\".\"served_views\" WHERE \"schema\" = ?",
            row -> row.getString(1),
            schema));
  }

  /** Notes that a view is Millrace's own. */
  void serve(String view) throws SQLException {
    update(
        "INSERT INTO \"_millrace\".\"served_views\" VALUES (?, ?) ON CONFLICT DO NOTHING",
        schema,
        view);
  }

  /** Forgets a view that is no more. */
  void unserve(String view) throws SQLException {
    update(
        "DELETE FROM \"_millrace\".\"served_views\" WHERE \"schema\" = ? AND \"view\" = ?",
        schema,
        view);
  }

  /** Gives a table another name in all that is kept of it. */
  void rename(String table, String name) throws SQLException {
    for (String kept : KEPT_BY_TABLE) {
      update(
          "UPDATE \"_millrace\".\"" + kept + "\" SET \"table\" = ? WHERE \"table\" = ?",
          name,
          table);
    }
  }

  /** Gives a source another name. */
  void renameProgress(String source, String name) throws SQLException {
    update(
        "UPDATE \"_millrace\".\"progress\" SET \"source\" = ? WHERE \"source\" = ?", name, source);
  }

  /** Forgets a version, and what Millrace knows of its tables. */
  void forget(int version) throws SQLException {
    String tables = Versions.schemaOf(schema, version);
    for (String kept : KEPT_BY_TABLE) {
      update(
          "DELETE FROM \"_millrace\".\""
              + kept
              + "\" WHERE \"table\" IN (SELECT ? || '.' || t.\"table\" FROM"
              + " \"_millrace\".\"version_tables\" AS t WHERE t.\"schema\" = ? AND t.\"version\" ="
              + " ?)",
          tables,
          schema,
          version);
    }
    update(
        "DELETE FROM \"_millrace\".\"progress\" WHERE right(\"source\", length(?)) = ?",
        "@" + tables,
        "@" + tables);
    for (String kept : List.of("version_tables", "versions")) {
      update(
          "DELETE FROM \"_millrace\".\"" + kept + "\" WHERE \"schema\" = ? AND \"version\" = ?",
          schema,
          version);
    }
  }

  /** Of which schema, and which version of it, a schema holds the tables; null if of none. */
  Versions.@Nullable Place placeOf(String tables) throws SQLException {
    List<Versions.Place> places =
        query(
            "SELECT \"schema\", \"version\" FROM \"_millrace\".\"versions\""
                + " WHERE \"schema\" || '_v' || \"version\" = ?",
            row -> new Versions.Place(row.getString(1), row.getInt(2)),
            tables);
    return places.isEmpty() ? null : places.get(0);
  }

  /** The tables that Millrace made in the schema itself. */
  List<String> unversioned() throws SQLException {
    return ExistingTable.find(connection, ControlTables.SCHEMA, "truncations").isEmpty()
        ? List.of()
        : query(UNVERSIONED, row -> row.getString(1), schema);
  }

  /** What is read of a row. */
  private interface Read<T> {
    T of(ResultSet row) throws SQLException;
  }

  private <T> List<T> query(String sql, Read<T> read, Object... values) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      bind(statement, values);
      List<T> found = new ArrayList<>();
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          found.add(read.of(rows));
        }
      }
      return found;
    }
  }

  private void update(String sql, @Nullable Object... values) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      bind(statement, values);
      statement.executeUpdate();
    }
  }

  private static void bind(PreparedStatement statement, @Nullable Object... values)
      throws SQLException {
    for (int i = 0; i < values.length; i++) {
      if (values[i] instanceof Integer number) {
        statement.setInt(i + 1, number);
      } else if (values[i] == null) {
        statement.setNull(i + 1, java.sql.Types.NULL);
      } else {
        statement.setString(i + 1, String.valueOf(values[i]));
      }
    }
  }
}
