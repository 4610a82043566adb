package io.millrace.transforms.warehouse;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** The function that answers those versions of rows, of a view of all, that held at a time. */
record AsOfFunction(String schema, String name, String view) {
  private static final String FIND =
      "SELECT pg_catalog.format_type(p.prorettype, NULL), c.oid IS NOT NULL"
          + " FROM pg_catalog.pg_proc AS p"
          + " JOIN pg_catalog.pg_namespace AS n ON n.oid = p.pronamespace"
          + " LEFT JOIN pg_catalog.pg_class AS c ON c.reltype = p.prorettype"
          + " AND c.relnamespace = n.oid AND c.relname = ?"
          + " WHERE n.nspname = ? AND p.proname = ?"
          + " AND p.proargtypes = '1184'::pg_catalog.oidvector";

  /** What has the function's name and parameter. */
  enum Existing {
    NONE,
    OURS,
    ANOTHER
  }

  Existing find(Connection connection) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(FIND)) {
      statement.setString(1, view);
      statement.setString(2, schema);
      statement.setString(3, name);
      try (ResultSet found = statement.executeQuery()) {
        return !found.next()
            ? Existing.NONE
            : found.getBoolean(2) ? Existing.OURS : Existing.ANOTHER;
      }
    }
  }

  /** The function with its parameter, as statements have it. */
  String signature() {
    return quoted(name) + "(timestamp with time zone)";
  }

  /** None of the versions that it answers has ended when it began. */
  String create() {
    String body =
        "SELECT * FROM "
            + quoted(view)
            + " WHERE \"_valid_from\" <= $1 AND ($1 < \"_valid_to\" OR \"_valid_to\" IS NULL)";
    return "CREATE FUNCTION "
        + signature()
        + " RETURNS SETOF "
        + quoted(view)
        + " LANGUAGE sql STABLE AS "
        + PostgresDialect.literal(body);
  }

  private String quoted(String part) {
    return PostgresDialect.INSTANCE.quote(schema) + "." + PostgresDialect.INSTANCE.quote(part);
  }
}
