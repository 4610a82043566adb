package io.millrace.transforms.warehouse;

import io.millrace.schemas.Position;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Writes patches of one table, where a delete removes the row and leaves a tombstone. A delete
 * supplies null for every value, so nothing older than a tombstone, or than a truncate, counts.
 *
 * <p>Two workers may write one row at a time, and neither sees what the other has not committed. So
 * each first takes the lock of the row's key in the table itself, by an insert that meets the
 * other's in the key's index, and reads tombstones afterwards: whoever comes second sees all.
 */
final class HardDeleteWriter extends TableWriter {
  HardDeleteWriter(TargetTable table, TableStatements sql, @Nullable HistoryWriter history) {
    super(table, sql, history);
  }

  @Override
  WriteCounts truncate(Connection connection, Position truncated) throws SQLException {
    try (PreparedStatement remove = connection.prepareStatement(sql.truncateHard());
        PreparedStatement empty = connection.prepareStatement(sql.emptyAll())) {
      remove.setBytes(1, truncated.bytes());
      long deleted = remove.executeLargeUpdate();
      empty.setBytes(1, truncated.bytes());
      empty.executeUpdate();
      return new WriteCounts(0, deleted);
    }
  }

  /** What a patch supplies is known only with the table's truncates. */
  @Override
  PreparedPatches prepare(List<RowPatch> patches) {
    return PreparedPatches.unsorted(patches, history(patches));
  }

  @Override
  WriteCounts writeAll(Connection connection, PreparedPatches prepared, Position truncated)
      throws SQLException {
    WriteCounts counts = write(connection, prepared, truncated);
    if (history != null && prepared.history() != null) {
      history.write(connection, prepared.history(), truncated);
    }
    return counts;
  }

  private WriteCounts write(Connection connection, PreparedPatches prepared, Position truncated)
      throws SQLException {
    List<RowPatch> buried = new ArrayList<>();
    List<RowPatch> full = new ArrayList<>();
    List<RowPatch> partial = new ArrayList<>();
    List<RowPatch> deletes = new ArrayList<>();
    List<RowPatch> written = new ArrayList<>();
    for (RowPatch patch : prepared.patches()) {
      if (!patch.position().isAfter(truncated)) {
        continue;
      }
      patch.emptyBefore(truncated);
      written.add(patch);
      if (patch.tombstone().isAfter(truncated)) {
        buried.add(patch);
      }
      (patch.isDelete() ? deletes : patch.isFull() ? full : partial).add(patch);
    }
    bury(connection, buried);
    touch(connection, deletes);
    long upserted =
        upsert(connection, full, full.isEmpty() ? null : arrays(full), truncated, null)
            + merge(connection, partial, truncated);
    Map<RowPatch, Position> tombstones = tombstones(connection, written);
    if (tombstones.isEmpty()) {
      return new WriteCounts(upserted, 0);
    }
    List<RowPatch> dead = written.stream().filter(tombstones::containsKey).toList();
    WriteCounts removed = remove(connection, dead, tombstones);
    empty(connection, dead, tombstones);
    return new WriteCounts(upserted, 0).plus(removed);
  }

  private void bury(Connection connection, List<RowPatch> patches) throws SQLException {
    if (patches.isEmpty()) {
      return;
    }
    try (PreparedStatement statement = connection.prepareStatement(ControlTables.BURY)) {
      new RowArrays<>(table, patches)
          .text(table.qualifiedName())
          .bytes(patch -> patch.key().bytes())
          .positions(RowPatch::tombstone)
          .bind(statement);
      statement.executeUpdate();
    }
  }

  private void touch(Connection connection, List<RowPatch> patches) throws SQLException {
    if (patches.isEmpty()) {
      return;
    }
    try (PreparedStatement statement = connection.prepareStatement(sql.touch())) {
      new RowArrays<>(table, patches)
          .keys(RowPatch::keyValue)
          .positions(RowPatch::position)
          .bind(statement);
      statement.executeUpdate();
    }
  }

  private Map<RowPatch, Position> tombstones(Connection connection, List<RowPatch> patches)
      throws SQLException {
    Map<RowPatch, Position> found = new HashMap<>();
    if (patches.isEmpty()) {
      return found;
    }
    try (PreparedStatement statement = connection.prepareStatement(ControlTables.EXHUME)) {
      new RowArrays<>(table, patches)
          .bytes(patch -> patch.key().bytes())
          .text(table.qualifiedName())
          .bind(statement);
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          found.put(patches.get(rows.getInt(1) - 1), Position.of(rows.getBytes(2)));
        }
      }
    }
    return found;
  }

  /** Removes the rows that are at or below their tombstones. */
  private WriteCounts remove(
      Connection connection, List<RowPatch> patches, Map<RowPatch, Position> tombstones)
      throws SQLException {
    long superseded = 0;
    long deleted = 0;
    try (PreparedStatement statement = connection.prepareStatement(sql.remove())) {
      new RowArrays<>(table, patches)
          .keys(RowPatch::keyValue)
          .positions(tombstones::get)
          .bind(statement);
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          boolean hidden = rows.getBoolean(2);
          if (!patches.get(rows.getInt(1) - 1).isDelete()) {
            superseded++;
          } else if (!hidden) {
            deleted++;
          }
        }
      }
    }
    return new WriteCounts(-superseded, deleted);
  }

  private void empty(
      Connection connection, List<RowPatch> patches, Map<RowPatch, Position> tombstones)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql.empty())) {
      new RowArrays<>(table, patches)
          .keys(RowPatch::keyValue)
          .positions(tombstones::get)
          .bind(statement);
      statement.executeUpdate();
    }
  }
}
