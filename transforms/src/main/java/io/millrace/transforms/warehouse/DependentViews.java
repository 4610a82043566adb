package io.millrace.transforms.warehouse;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * Views of others that read tables which are about to move. A view follows a table that moves; made
 * again from its text, it reads what then has the table's name.
 */
final class DependentViews {
  private static final String FIND =
      "SELECT DISTINCT o.type, o.identity, r.ev_class IS NOT NULL AND o.type = 'view',"
          + " CASE WHEN o.type = 'view' THEN pg_catalog.pg_get_viewdef(r.ev_class) END,"
          + " CASE WHEN o.type = 'view' THEN (SELECT array_to_string(v.reloptions, ', ')"
          + " FROM pg_catalog.pg_class AS v WHERE v.oid = r.ev_class) END"
          + " FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n"
          + " ON n.oid = c.relnamespace JOIN pg_catalog.pg_depend AS d"
          + " ON (d.refclassid = 'pg_class'::regclass AND d.refobjid = c.oid)"
          + " OR (d.refclassid = 'pg_type'::regclass AND d.refobjid = c.reltype)"
          + " LEFT JOIN pg_catalog.pg_rewrite AS r"
          + " ON d.classid = 'pg_rewrite'::regclass AND r.oid = d.objid"
          + " LEFT JOIN pg_catalog.pg_class AS own ON own.oid = r.ev_class"
          + " AND own.relnamespace = c.relnamespace AND own.relname = ANY (?)"
          + " CROSS JOIN LATERAL pg_catalog.pg_identify_object("
          + "CASE WHEN r.oid IS NULL THEN d.classid ELSE 'pg_class'::regclass END,"
          + " coalesce(r.ev_class, d.objid), CASE WHEN r.oid IS NULL THEN d.objsubid ELSE 0 END)"
          + " AS o WHERE n.nspname = ? AND c.relname = ANY (?) AND d.deptype = 'n'"
          + " AND own.oid IS NULL ORDER BY o.identity";

  private final Connection connection;
  private final List<String> statements;

  private DependentViews(Connection connection, List<String> statements) {
    this.connection = connection;
    this.statements = statements;
  }

  /**
   * Those that read some of a schema's tables and views, and are none of them.
   *
   * @throws VersionException if something else depends on them, which cannot be made again
   */
  static DependentViews of(Connection connection, String schema, Collection<String> names)
      throws SQLException {
    List<String> statements = new ArrayList<>();
    List<String> others = new ArrayList<>();
    String path = setSearchPath(connection, "");
    try (PreparedStatement statement = connection.prepareStatement(FIND)) {
      statement.setArray(1, connection.createArrayOf("text", names.toArray()));
      statement.setString(2, schema);
      statement.setArray(3, connection.createArrayOf("text", names.toArray()));
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          if (rows.getBoolean(3)) {
            String options = rows.getString(5);
            statements.add(
                "CREATE OR REPLACE VIEW "
                    + rows.getString(2)
                    + (options == null ? "" : " WITH (" + options + ")")
                    + " AS "
                    + rows.getString(4));
          } else {
            others.add(rows.getString(1) + " " + rows.getString(2));
          }
        }
      }
    }
    setSearchPath(connection, path);
    if (!others.isEmpty()) {
      throw VersionException.of(
          "these depend on the tables of "
              + schema
              + ", and would stay with version 1; drop them, and make them again after",
          others);
    }
    return new DependentViews(connection, statements);
  }

  /** For the rest of the transaction; answers what it was. */
  private static String setSearchPath(Connection connection, String path) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            "SELECT current_setting('search_path'), set_config('search_path', ?, true)")) {
      statement.setString(1, path);
      try (ResultSet rows = statement.executeQuery()) {
        rows.next();
        return rows.getString(1);
      }
    }
  }

  /** Lets them read what has the tables' names now. */
  void readAgain() throws SQLException {
    try (Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }
}
