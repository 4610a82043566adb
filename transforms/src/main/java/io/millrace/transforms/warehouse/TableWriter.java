package io.millrace.transforms.warehouse;

import io.millrace.schemas.ChangeEvent;
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
  private final @Nullable HistoryWriter history;

  /**
   * @param history keeps the table's history, or null for none
   */
  TableWriter(TargetTable table, TableStatements sql, @Nullable HistoryWriter history) {
    this.table = table;
    this.sql = sql;
    this.history = history;
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

  /** Applies truncates to the table's history, under the exclusive lock. */
  final void endHistory(Connection connection, List<ChangeEvent> truncates) throws SQLException {
    if (history != null) {
      for (ChangeEvent truncate : truncates) {
        history.end(connection, RowsEnd.of(truncate));
      }
    }
  }

  /**
   * Writes patches and the history of their rows; see {@link #write}.
   *
   * @param truncated the position of the table's newest truncate, whose lock is held
   */
  final WriteCounts writeAll(Connection connection, PreparedPatches patches, Position truncated)
      throws SQLException {
    WriteCounts counts = write(connection, patches, truncated);
    if (history != null && patches.history() != null) {
      history.write(connection, patches.history(), truncated);
    }
    return counts;
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
    RowArrays<RowPatch> arrays = full.isEmpty() ? null : arrays(full);
    return new PreparedPatches(
        patches, full, arrays, partial, deletes, bareDeletes, history(patches));
  }

  final HistoryWriter.@Nullable Prepared history(List<RowPatch> patches) {
    return history == null
        ? null
        : history.prepare(patches.stream().map(RowPatch::history).toList());
  }

  final RowArrays<RowPatch> arrays(List<RowPatch> patches) {
    return new RowArrays<>(table, patches)
        .keys(RowPatch::keyValue)
        .values(RowPatch::value)
        .positions(RowPatch::position)
        .times(RowPatch::committedAt)
        .times(RowPatch::receivedAt);
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
      @Nullable RowArrays<RowPatch> arrays,
      Position truncated)
      throws SQLException {
    if (arrays == null) {
      return 0;
    }
    long written;
    try (PreparedStatement statement = connection.prepareStatement(sql.upsert())) {
      arrays.bind(statement);
      new RowArrays<>(table, patches)
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
      new RowArrays<>(table, patches)
          .keys(RowPatch::keyValue)
          .positions(RowPatch::position)
          .times(RowPatch::committedAt)
          .times(RowPatch::receivedAt)
          .bind(statement);
      return statement.executeLargeUpdate();
    }
  }

  /** Those of the patches whose rows have gaps. */
  private List<RowPatch> withGaps(Connection connection, List<RowPatch> patches)
      throws SQLException {
    List<RowPatch> found = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(sql.gaps())) {
      new RowArrays<>(table, patches).keys(RowPatch::keyValue).bind(statement);
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
