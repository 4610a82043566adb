package io.millrace.transforms.warehouse;

import io.millrace.schemas.ChangeEvent;
import io.millrace.schemas.Position;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The ends that a table's rows came to all at once, by truncates and snapshots. */
final class HistoryEnds {
  private final TargetTable table;
  private final HistoryStatements sql;

  HistoryEnds(TargetTable table, HistoryStatements sql) {
    this.table = table;
    this.sql = sql;
  }

  /**
   * Notes an end, and adds it to all rows that have a change before it.
   *
   * @return false if it is known already
   */
  boolean add(Connection connection, RowsEnd end) throws SQLException {
    byte[] position = end.position().bytes();
    Long committedAt = end.committedAt() == ChangeEvent.NO_TIME ? null : end.committedAt();
    try (PreparedStatement statement = connection.prepareStatement(ControlTables.ADD_END)) {
      statement.setString(1, table.qualifiedName());
      statement.setBytes(2, position);
      statement.setObject(3, committedAt, Types.BIGINT);
      statement.setBoolean(4, end.isSnapshot());
      if (statement.executeUpdate() == 0) {
        return false;
      }
    }
    try (PreparedStatement statement = connection.prepareStatement(sql.moveBefore())) {
      statement.setBytes(1, position);
      statement.setBytes(2, position);
      statement.executeUpdate();
    }
    String ends = end.isSnapshot() ? sql.endSnapshot() : sql.end();
    try (PreparedStatement statement = connection.prepareStatement(ends)) {
      statement.setBytes(1, position);
      statement.setObject(2, committedAt, Types.BIGINT);
      statement.setBytes(3, position);
      statement.executeUpdate();
    }
    return true;
  }

  /** Adds to rows the ends that they came to behind the first of their changes. */
  List<List<HistoryRow>> addTo(Connection connection, List<List<HistoryRow>> rows)
      throws SQLException {
    List<RowsEnd> ends = read(connection);
    return rows.stream().map(row -> withEnds(row, ends)).toList();
  }

  private static List<HistoryRow> withEnds(List<HistoryRow> row, List<RowsEnd> ends) {
    if (ends.isEmpty() || !ends.get(ends.size() - 1).position().isAfter(row.get(0).position())) {
      return row;
    }
    List<HistoryRow> all = new ArrayList<>(row);
    for (RowsEnd end : ends) {
      if (end.position().isAfter(row.get(0).position())) {
        all.add(row.get(0).endedBy(end));
      }
    }
    all.sort(Comparator.comparing(HistoryRow::position));
    return all;
  }

  private List<RowsEnd> read(Connection connection) throws SQLException {
    List<RowsEnd> ends = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(ControlTables.READ_ENDS)) {
      statement.setString(1, table.qualifiedName());
      try (ResultSet found = statement.executeQuery()) {
        while (found.next()) {
          ends.add(
              new RowsEnd(
                  Position.of(found.getBytes(1)),
                  StoredChange.time(found, 2),
                  found.getBoolean(3)));
        }
      }
    }
    return ends;
  }
}
