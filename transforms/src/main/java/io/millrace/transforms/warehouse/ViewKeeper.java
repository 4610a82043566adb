package io.millrace.transforms.warehouse;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * What others have made of a table or view: who may read it, its comment and options, and what
 * depends on it. For what has to be made anew, and must not lose these.
 */
final class ViewKeeper {
  private static final String OPTIONS =
      "SELECT unnest(c.reloptions) FROM pg_catalog.pg_class AS c WHERE c.oid = ?::regclass";

  private static final String OWNER =
      "SELECT pg_catalog.pg_get_userbyid(c.relowner) FROM pg_catalog.pg_class AS c"
          + " WHERE c.oid = ?::regclass AND c.relowner <> (SELECT r.oid FROM"
          + " pg_catalog.pg_roles AS r WHERE r.rolname = current_user)";

  private static final String COMMENT =
      "SELECT d.description FROM pg_catalog.pg_description AS d WHERE d.objoid = ?::regclass"
          + " AND d.classoid = 'pg_class'::regclass AND d.objsubid = 0";

  /** Grants, the owner's own left out: to whom, what, of which column, and whether to hand on. */
  private static final String GRANTS =
      "SELECT CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(a.grantee)) END,"
          + " a.privilege_type, a.is_grantable, a.column_name FROM (SELECT c.relowner, x.*,"
          + " NULL::name AS column_name FROM pg_class AS c, aclexplode(c.relacl) AS x"
          + " WHERE c.oid = ?::regclass UNION ALL SELECT c.relowner, x.*, t.attname"
          + " FROM pg_class AS c JOIN pg_attribute AS t ON t.attrelid = c.oid,"
          + " aclexplode(t.attacl) AS x WHERE c.oid = ?::regclass) AS a"
          + " WHERE a.grantee <> a.relowner ORDER BY 1, 2, 4";

  /** Whatever depends on a relation or its type, apart from the relation itself. */
  private static final String DEPENDENTS =
      "SELECT DISTINCT o.type || ' ' || o.identity FROM pg_catalog.pg_depend AS d"
          + " LEFT JOIN pg_catalog.pg_rewrite AS r"
          + " ON d.classid = 'pg_rewrite'::regclass AND r.oid = d.objid"
          + " CROSS JOIN LATERAL pg_catalog.pg_identify_object("
          + "CASE WHEN r.oid IS NULL THEN d.classid ELSE 'pg_class'::regclass END,"
          + " coalesce(r.ev_class, d.objid), CASE WHEN r.oid IS NULL THEN d.objsubid ELSE 0 END)"
          + " AS o WHERE d.deptype = 'n' AND r.ev_class IS DISTINCT FROM ?::regclass"
          + " AND ((d.refclassid = 'pg_class'::regclass AND d.refobjid = ?::regclass)"
          + " OR (d.refclassid = 'pg_type'::regclass AND d.refobjid = (SELECT c.reltype FROM"
          + " pg_catalog.pg_class AS c WHERE c.oid = ?::regclass))) ORDER BY 1";

  private final Connection connection;

  ViewKeeper(Connection connection) {
    this.connection = connection;
  }

  /** What a view was made with. */
  List<String> options(String qualifiedName) throws SQLException {
    return texts(OPTIONS, qualifiedName);
  }

  /** What depends on a table or view, by kind and name. */
  List<String> dependents(String qualifiedName) throws SQLException {
    return texts(DEPENDENTS, qualifiedName, qualifiedName, qualifiedName);
  }

  /**
   * The statements that give a view of this name, which is made after they are worked out, what the
   * present one has: owner, grants, comment.
   *
   * @param columns that it will have
   */
  List<String> restoring(String qualifiedName, Collection<String> columns) throws SQLException {
    List<String> statements = new ArrayList<>();
    for (String owner : texts(OWNER, qualifiedName)) {
      statements.add(
          "ALTER VIEW " + qualifiedName + " OWNER TO " + PostgresDialect.INSTANCE.quote(owner));
    }
    for (Grant grant : grants(qualifiedName)) {
      if (grant.column() == null || columns.contains(grant.column())) {
        statements.add(grant.of(qualifiedName));
      }
    }
    for (String comment : texts(COMMENT, qualifiedName)) {
      statements.add(
          "COMMENT ON VIEW " + qualifiedName + " IS " + PostgresDialect.literal(comment));
    }
    return statements;
  }

  /** The statements that let those read a view of this name who may read the present table. */
  List<String> readers(String qualifiedName) throws SQLException {
    return grants(qualifiedName).stream()
        .filter(grant -> grant.privilege().equals("SELECT"))
        .map(grant -> grant.of(qualifiedName))
        .toList();
  }

  /** Takes back what default privileges gave; for a view that gets those of another. */
  void revokeAll(String qualifiedName) throws SQLException {
    for (Grant grant : grants(qualifiedName)) {
      try (Statement statement = connection.createStatement()) {
        statement.execute("REVOKE ALL ON " + qualifiedName + " FROM " + grant.to());
      }
    }
  }

  /**
   * A right that was given.
   *
   * @param to whom, quoted
   * @param column the only one that it is for; null for all
   */
  private record Grant(String to, String privilege, boolean isGrantable, @Nullable String column) {
    String of(String qualifiedName) {
      return "GRANT "
          + privilege
          + (column == null ? "" : " (" + PostgresDialect.INSTANCE.quote(column) + ")")
          + " ON "
          + qualifiedName
          + " TO "
          + to
          + (isGrantable ? " WITH GRANT OPTION" : "");
    }
  }

  private List<Grant> grants(String qualifiedName) throws SQLException {
    List<Grant> grants = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(GRANTS)) {
      statement.setString(1, qualifiedName);
      statement.setString(2, qualifiedName);
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          grants.add(
              new Grant(
                  rows.getString(1), rows.getString(2), rows.getBoolean(3), rows.getString(4)));
        }
      }
    }
    return grants;
  }

  private List<String> texts(String sql, String... values) throws SQLException {
    List<String> found = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < values.length; i++) {
        statement.setString(i + 1, values[i]);
      }
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          found.add(rows.getString(1));
        }
      }
    }
    return found;
  }
}
