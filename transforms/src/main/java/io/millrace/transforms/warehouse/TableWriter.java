package io.millrace.transforms.warehouse;

import io.millrace.schemas.ChangeEvent;
import io.millrace.schemas.Position;
import io.millrace.transforms.warehouse.HistoryWriter.Held;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.postgresql.util.PSQLState;

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
  final @Nullable HistoryWriter history;

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
   * Writes patches, of different rows and in the order of their keys, and the history of the rows.
   *
   * @param truncated the position of the table's newest truncate, whose lock is held
   */
  WriteCounts writeAll(Connection connection, PreparedPatches patches, Position truncated)
      throws SQLException {
    Held held =
        history == null || patches.history() == null
            ? null
            : history.write(connection, patches.history(), truncated);
    return new WriteCounts(
        upsert(connection, patches.full(), patches.arrays(), truncated, held)
            + merge(connection, patches.partial(), truncated),
        delete(connection, patches.bareDeletes())
            + merge(connection, patches.deletes(), truncated));
  }

  /** Does what can be done before {@link #writeAll}, also by another thread. */
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
    return history == null ? null : history.prepare(patches);
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
   * Writes patches that supply all values.
   *
   * @param held which of the rows hold the newest of their changes; null if none can
   */
  final long upsert(
      Connection connection,
      List<RowPatch> patches,
      @Nullable RowArrays<RowPatch> arrays,
      Position truncated,
      @Nullable Held held)
      throws SQLException {
    if (arrays == null) {
      return 0;
    }
    long written;
    try (PreparedStatement statement = connection.prepareStatement(sql.upsert())) {
      arrays.bind(statement);
      RowArrays<RowPatch> flags =
          new RowArrays<>(table, patches).flags(patch -> isDeleted(patch, truncated));
      if (held == null) {
        flags.bindBehind(arrays, statement);
        written = statement.executeLargeUpdate();
      } else {
        flags
            .times(patch -> held.holds(patch) ? patch.tip().validFrom() : ChangeEvent.NO_TIME)
            .bytes(patch -> held.holds(patch) ? patch.tip().change() : null)
            .bindBehind(arrays, statement);
        written = written(statement, held);
      }
    }
    return written == patches.size()
        ? written
        : written + merge(connection, withGaps(connection, patches), truncated);
  }

  private long written(PreparedStatement upsert, Held held) throws SQLException {
    try (ResultSet counts = upsert.executeQuery()) {
      counts.next();
      if (counts.getInt(2) != held.added()) {
        throw new SQLException(
            "rows of "
                + table.qualifiedName()
                + " were added by another writer while this one added them",
            PSQLState.SERIALIZATION_FAILURE.getState());
      }
      return counts.getLong(1);
    }
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
      try (ResultSet rows = statement.executeQuery()) {
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
