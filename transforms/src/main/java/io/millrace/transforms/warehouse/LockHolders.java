package io.millrace.transforms.warehouse;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Who holds the tables and views of a schema. */
final class LockHolders {
  private static final String FIND =
      "SELECT DISTINCT format('process %s of user %s (%s), %s since %s', a.pid, a.usename,"
          + " coalesce(nullif(a.application_name, ''), 'no name'), coalesce(a.state, 'running'),"
          + " to_char(a.xact_start AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"'))"
          + " FROM pg_catalog.pg_locks AS l JOIN pg_catalog.pg_stat_activity AS a ON a.pid = l.pid"
          + " JOIN pg_catalog.pg_class AS c ON c.oid = l.relation"
          + " JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace"
          + " WHERE l.locktype = 'relation' AND l.granted AND a.datname = current_database()"
          + " AND n.nspname = ? AND a.pid <> pg_catalog.pg_backend_pid() ORDER BY 1 LIMIT 5";

  static List<String> of(Connection connection, String schema) throws SQLException {
    List<String> holders = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(FIND)) {
      statement.setString(1, schema);
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          holders.add(rows.getString(1));
        }
      }
    }
    return holders;
  }

  private LockHolders() {}
}
