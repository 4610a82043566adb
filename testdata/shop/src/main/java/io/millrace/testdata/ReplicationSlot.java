package io.millrace.testdata;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/**
 * The source's side of logical replication: a publication and a replication slot.
 *
 * <p>Debezium makes both by itself. Made before it starts, they let a transaction stay open across
 * its initial snapshot: PostgreSQL waits for all open transactions when it makes a slot, so a slot
 * made by Debezium never sees one.
 */
public final class ReplicationSlot {

  /** The publication's name that Debezium uses unless told otherwise. */
  public static final String PUBLICATION = "dbz_publication";

  /**
   * Creates both; those that exist stay as they are.
   *
   * @param slot lower-case letters, digits and underscores
   * @param tables each as {@code schema.table}
   */
  public static void create(Database source, String slot, List<String> tables) throws SQLException {
    try (Connection connection = source.connect();
        Statement statement = connection.createStatement()) {
      if (!exists(connection, "SELECT 1 FROM pg_publication WHERE pubname = ?", PUBLICATION)) {
        statement.execute(
            "CREATE PUBLICATION " + PUBLICATION + " FOR TABLE " + String.join(", ", tables));
      }
      if (!exists(connection, "SELECT 1 FROM pg_replication_slots WHERE slot_name = ?", slot)) {
        try (PreparedStatement create =
            connection.prepareStatement(
                "SELECT pg_create_logical_replication_slot(?, 'pgoutput')")) {
          create.setString(1, slot);
          create.execute();
        }
      }
    }
  }

  /** Whether a client, after its snapshot, reads changes from the slot just now. */
  static boolean isStreaming(Database source, String slot) throws SQLException {
    try (Connection connection = source.connect()) {
      return exists(
          connection,
          "SELECT 1 FROM pg_replication_slots s JOIN pg_stat_replication r ON r.pid = s.active_pid"
              + " WHERE s.slot_name = ? AND r.state = 'streaming'",
          slot);
    }
  }

  private static boolean exists(Connection connection, String query, String parameter)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(query)) {
      statement.setString(1, parameter);
      try (ResultSet rows = statement.executeQuery()) {
        return rows.next();
      }
    }
  }

  private ReplicationSlot() {}
}
