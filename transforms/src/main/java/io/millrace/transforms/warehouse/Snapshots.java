package io.millrace.transforms.warehouse;

import io.millrace.schemas.ChangeEvent;
import io.millrace.schemas.Operation;
import io.millrace.schemas.Position;
import io.millrace.schemas.PositionEncoder;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.List;

/** What is known of the snapshots of one table. */
final class Snapshots {
  private final String table;

  Snapshots(String table) {
    this.table = table;
  }

  /**
   * Takes in what events tell of snapshots, under a lock that keeps others away.
   *
   * @throws WarehouseException if a snapshot began after another of its epoch was complete: nothing
   *     tells how its rows and the changes before it are ordered
   */
  void note(Connection connection, List<ChangeEvent> tableEvents) throws SQLException {
    for (ChangeEvent event : tableEvents) {
      if (event.operation() == Operation.SNAPSHOT_START) {
        note(connection, ControlTables.BEGIN_SNAPSHOT, event);
      } else if (event.operation() == Operation.SNAPSHOT_END) {
        note(connection, ControlTables.END_SNAPSHOT, event);
      }
    }
    if (tableEvents.stream().anyMatch(event -> event.operation().isOfSnapshot())) {
      check(connection);
    }
  }

  private void note(Connection connection, String sql, ChangeEvent event) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setString(1, table);
      statement.setBytes(2, event.position().bytes());
      statement.setObject(
          3, event.committedAt() == ChangeEvent.NO_TIME ? null : event.committedAt(), Types.BIGINT);
      statement.executeUpdate();
    }
  }

  private void check(Connection connection) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(ControlTables.FIND_SNAPSHOTS)) {
      statement.setString(1, table);
      try (ResultSet found = statement.executeQuery()) {
        while (found.next()) {
          int epoch = PositionEncoder.epochOf(Position.of(found.getBytes(1)));
          if (epoch == PositionEncoder.epochOf(Position.of(found.getBytes(3)))) {
            throw WarehouseException.environment(
                "table "
                    + table
                    + ": its source took a new snapshot at "
                    + found.getString(2)
                    + ", after the one of "
                    + found.getString(4)
                    + " was complete, as after a lost replication slot. Its positions do not tell"
                    + " what is newer; go on from the first record of the new snapshot with"
                    + " --positionEpoch="
                    + (epoch + 1)
                    + ", and nothing of what was written before is newer than it");
          }
        }
      }
    }
  }
}
