package io.millrace.transforms.warehouse;

import io.millrace.schemas.Position;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Writes patches of one table, softly deleting: a delete is a change that supplies no value and
 * marks the row. In whatever order patches come, each value ends as the newest change that supplies
 * it has it.
 *
 * <p>Most patches supply all values, or none; they need no more than a comparison of positions.
 * Where that refuses a patch because the row is newer, its values may still fill the row's gaps.
 */
class TableWriter {
  final TargetTable table;
  final TableStatements sql;

  TableWriter(TargetTable table, TableStatements sql) {
    this.table = table;
    this.sql = sql;
  }

  TargetTable table() {
    return table;
  }

  /** Applies a truncate to the rows that are there, under the exclusive lock. */
  WriteCounts truncate(Connection connection, Position truncated) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql.truncateSoft())) {
      statement.setBytes(1, truncated.bytes());
      return new WriteCounts(0, statement.executeLargeUpdate());
    }
  }

  /** Does what can be done before {@link #write}, also by another thread. */
  PreparedPatches prepare(List<RowPatch> patches) {
    List<RowPatch> full = new ArrayList<>();
    List<RowPatch> partial = new ArrayList<>();
    List<RowPatch> deletes = new ArrayList<>();
    List<RowPatch> bareDeletes = new ArrayList<>();
    for (RowPatch patch : patches) {
      (patch.isFull()
              ? full
              : !patch.isDelete() ? partial : patch.isEmpty() ? bareDeletes : deletes)
          .add(patch);
    }
    PatchArrays arrays = full.isEmpty() ? null : arrays(full);
    return new PreparedPatches(patches, full, arrays, partial, deletes, bareDeletes);
  }

  final PatchArrays arrays(List<RowPatch> patches) {
    return new PatchArrays(table, patches).keys().values().positions(RowPatch::position).times();
  }

  /**
   * Writes patches, of different rows and in the order of their keys.
   *
   * @param truncated the position of the table's newest truncate, whose lock is held
   */
  WriteCounts write(Connection connection, PreparedPatches patches, Position truncated)
      throws SQLException {
    return new WriteCounts(
        upsert(connection, patches.full(), patches.arrays(), truncated)
            + merge(connection, patches.partial(), truncated),
        delete(connection, patches.bareDeletes())
            + merge(connection, patches.deletes(), truncated));
  }

  final long upsert(
      Connection connection,
      List<RowPatch> patches,
      @Nullable PatchArrays arrays,
      Position truncated)
      throws SQLException {
    if (arrays == null) {
      return 0;
    }
    long written;
    try (PreparedStatement statement = connection.prepareStatement(sql.upsert())) {
      arrays.bind(statement);
      new PatchArrays(table, patches)
          .flags(patch -> isDeleted(patch, truncated))
          .bindBehind(arrays, statement);
      written = statement.executeLargeUpdate();
    }
    return written == patches.size()
        ? written
        : written + merge(connection, withGaps(connection, patches), truncated);
  }

  final long merge(Connection connection, List<RowPatch> patches, Position truncated)
      throws SQLException {
    if (patches.isEmpty()) {
      return 0;
    }
    try (PreparedStatement statement = connection.prepareStatement(sql.merge())) {
      arrays(patches)
          .flags(patch -> isDeleted(patch, truncated))
          .texts(patch -> patch.filled(table))
          .bind(statement);
      return statement.executeLargeUpdate();
    }
  }

  private long delete(Connection connection, List<RowPatch> patches) throws SQLException {
    if (patches.isEmpty()) {
      return 0;
    }
    try (PreparedStatement statement = connection.prepareStatement(sql.delete())) {
      new PatchArrays(table, patches).keys().positions(RowPatch::position).times().bind(statement);
      return statement.executeLargeUpdate();
    }
  }

  /** Those of the patches whose rows have gaps. */
  private List<RowPatch> withGaps(Connection connection, List<RowPatch> patches)
      throws SQLException {
    List<RowPatch> found = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(sql.gaps())) {
      new PatchArrays(table, patches).keys().bind(statement);
      try (var rows = statement.executeQuery()) {
        while (rows.next()) {
          found.add(patches.get(rows.getInt(1) - 1));
        }
      }
    }
    return found;
  }

  private static boolean isDeleted(RowPatch patch, Position truncated) {
    return patch.isDelete() || !patch.position().isAfter(truncated);
  }
}
