package io.millrace.transforms.warehouse;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** Takes a version away. */
final class VersionRemoval {
  /** What is not of a schema and depends on something in it. */
  private static final String DEPENDENTS =
      "SELECT DISTINCT o.type || ' ' || o.identity FROM pg_catalog.pg_depend AS d"
          + " JOIN pg_catalog.pg_class AS used ON d.refclassid = 'pg_class'::regclass"
          + " AND used.oid = d.refobjid JOIN pg_catalog.pg_namespace AS n"
          + " ON n.oid = used.relnamespace LEFT JOIN pg_catalog.pg_rewrite AS r"
          + " ON d.classid = 'pg_rewrite'::regclass AND r.oid = d.objid"
          + " CROSS JOIN LATERAL pg_catalog.pg_identify_object("
          + "CASE WHEN r.oid IS NULL THEN d.classid ELSE 'pg_class'::regclass END,"
          + " coalesce(r.ev_class, d.objid), CASE WHEN r.oid IS NULL THEN d.objsubid ELSE 0 END)"
          + " AS o WHERE n.nspname = ? AND d.deptype = 'n' AND o.schema IS DISTINCT FROM quote_ident(?)"
          + " ORDER BY 1";

  private final Connection connection;
  private final VersionCatalog catalog;
  private final String schema;

  VersionRemoval(Connection connection, VersionCatalog catalog, String schema) {
    this.connection = connection;
    this.catalog = catalog;
    this.schema = schema;
  }

  void drop(int version, boolean force) throws SQLException {
    Integer inService = catalog.inService();
    if (inService != null && inService == version) {
      throw new VersionException("version " + version + " of " + schema + " serves; let another");
    }
    Integer before = catalog.before();
    if (before != null && before == version && !force) {
      throw new VersionException(
          "version "
              + version
              + " of "
              + schema
              + " served before the one that does, and --back returns to it; drop it all the same"
              + " with --force");
    }
    String tables = Versions.schemaOf(schema, version);
    List<String> dependents = dependents(tables);
    if (!dependents.isEmpty()) {
      throw new VersionException(
          "these depend on version "
              + version
              + ": "
              + String.join(", ", dependents)
              + "; drop them, or let them read the views of "
              + schema);
    }
    catalog.forget(version);
    try (Statement statement = connection.createStatement()) {
      statement.execute(
          "DROP SCHEMA IF EXISTS " + PostgresDialect.INSTANCE.quote(tables) + " CASCADE");
    }
  }

  private List<String> dependents(String tables) throws SQLException {
    List<String> found = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(DEPENDENTS)) {
      statement.setString(1, tables);
      statement.setString(2, tables);
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          found.add(rows.getString(1));
        }
      }
    }
    return found;
  }
}
