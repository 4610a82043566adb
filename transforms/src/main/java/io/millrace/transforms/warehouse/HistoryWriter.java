package io.millrace.transforms.warehouse;

import io.millrace.schemas.ChangeEvent;
import io.millrace.schemas.Position;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * Keeps the table of all changes of one table, and the versions that follow from them: takes the
 * changes in, gives columns that they left unchanged their values, and works out the versions of
 * the touched rows from the newest upsert before the first new change on. What comes out depends on
 * the set of changes alone.
 *
 * <p>Nobody else writes the touched rows meanwhile: with soft deletes the caller holds a lock on
 * each, in the table of current rows; with hard ones, which keep no row to lock, this takes a lock
 * on the table.
 */
final class HistoryWriter {
  private static final int PAGE = 5_000;

  private final TargetTable table;
  private final HistoryStatements sql;

  HistoryWriter(TargetTable table, HistoryStatements sql) {
    this.table = table;
    this.sql = sql;
  }

  /**
   * Takes in changes.
   *
   * @param rows the changes of each row, in the order of their positions
   * @param newestEnd the position of the newest of the table's ends, or {@link Position#NONE}
   */
  void write(Connection connection, List<List<HistoryRow>> rows, Position newestEnd)
      throws SQLException {
    List<RowsEnd> ends = newestEnd.equals(Position.NONE) ? List.of() : ends(connection);
    List<HistoryRow> changes = new ArrayList<>();
    for (List<HistoryRow> row : rows) {
      changes.addAll(row);
      for (RowsEnd end : ends) {
        if (end.position().isAfter(row.get(0).position())) {
          changes.add(row.get(0).endedBy(end));
        }
      }
    }
    if (sql.lock() != null) {
      try (Statement statement = connection.createStatement()) {
        statement.execute(sql.lock());
      }
    }
    List<HistoryRow> unknown = unknown(connection, changes);
    if (unknown.isEmpty()) {
      return;
    }
    insert(connection, unknown);
    List<HistoryRow> first = firstOfEach(unknown);
    try (PreparedStatement fill = connection.prepareStatement(sql.fill());
        PreparedStatement read = connection.prepareStatement(sql.read())) {
      RowArrays<HistoryRow> touched =
          new RowArrays<>(table, first).keys(HistoryRow::keyValue).positions(HistoryRow::position);
      touched.bind(fill);
      fill.executeUpdate();
      touched.bind(read);
      settle(connection, read);
    }
  }

  private List<RowsEnd> ends(Connection connection) throws SQLException {
    List<RowsEnd> ends = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(ControlTables.READ_ENDS)) {
      statement.setString(1, table.qualifiedName());
      try (ResultSet found = statement.executeQuery()) {
        while (found.next()) {
          ends.add(new RowsEnd(Position.of(found.getBytes(1)), time(found, 2)));
        }
      }
    }
    return ends;
  }

  /** Those of the changes that the table does not have. */
  private List<HistoryRow> unknown(Connection connection, List<HistoryRow> changes)
      throws SQLException {
    BitSet known = new BitSet();
    try (PreparedStatement statement = connection.prepareStatement(sql.known())) {
      new RowArrays<>(table, changes)
          .keys(HistoryRow::keyValue)
          .positions(HistoryRow::position)
          .bind(statement);
      try (ResultSet numbers = statement.executeQuery()) {
        while (numbers.next()) {
          known.set(numbers.getInt(1) - 1);
        }
      }
    }
    List<HistoryRow> unknown = new ArrayList<>();
    for (int i = known.nextClearBit(0); i < changes.size(); i = known.nextClearBit(i + 1)) {
      unknown.add(changes.get(i));
    }
    return unknown;
  }

  private void insert(Connection connection, List<HistoryRow> changes) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql.insert())) {
      new RowArrays<>(table, changes)
          .keys(HistoryRow::keyValue)
          .values(HistoryRow::value)
          .positions(HistoryRow::position)
          .times(HistoryRow::committedAt)
          .times(HistoryRow::receivedAt)
          .texts(HistoryRow::operation)
          .texts(row -> row.unchanged(table))
          .bind(statement);
      statement.executeUpdate();
    }
  }

  /** The earliest change of each row; those of a row stand together and share its key. */
  private static List<HistoryRow> firstOfEach(List<HistoryRow> changes) {
    List<HistoryRow> first = new ArrayList<>();
    for (HistoryRow change : changes) {
      HistoryRow last = first.isEmpty() ? null : first.get(first.size() - 1);
      if (last == null || !last.isOfSameRow(change)) {
        first.add(change);
      } else if (last.position().isAfter(change.position())) {
        first.set(first.size() - 1, change);
      }
    }
    return first;
  }

  /** Ends all rows that have a change before an end, under a lock that keeps others away. */
  void end(Connection connection, RowsEnd end) throws SQLException {
    byte[] position = end.position().bytes();
    Long committedAt = end.committedAt() == ChangeEvent.NO_TIME ? null : end.committedAt();
    try (PreparedStatement statement = connection.prepareStatement(ControlTables.ADD_END)) {
      statement.setString(1, table.qualifiedName());
      statement.setBytes(2, position);
      statement.setObject(3, committedAt, Types.BIGINT);
      if (statement.executeUpdate() == 0) {
        return;
      }
    }
    try (PreparedStatement statement = connection.prepareStatement(sql.end())) {
      statement.setBytes(1, position);
      statement.setObject(2, committedAt, Types.BIGINT);
      statement.setBytes(3, position);
      statement.executeUpdate();
    }
    try (PreparedStatement statement = connection.prepareStatement(sql.ended())) {
      statement.setFetchSize(PAGE);
      statement.setBytes(1, position);
      try (ResultSet places = statement.executeQuery()) {
        List<String> page = new ArrayList<>();
        while (places.next()) {
          page.add(places.getString(1));
          if (page.size() == PAGE) {
            settleEnded(connection, page);
          }
        }
        settleEnded(connection, page);
      }
    }
  }

  private void settleEnded(Connection connection, List<String> places) throws SQLException {
    try (PreparedStatement fill = connection.prepareStatement(sql.fillEnded());
        PreparedStatement read = connection.prepareStatement(sql.readEnded())) {
      RowArrays<String> ended = new RowArrays<>(table, places).texts(place -> place);
      ended.bind(fill);
      fill.executeUpdate();
      ended.bind(read);
      settle(connection, read);
    }
    places.clear();
  }

  /** Reads rows, works out their versions, and writes what is not as it should be. */
  private void settle(Connection connection, PreparedStatement read) throws SQLException {
    List<StoredChange> unsettled = new ArrayList<>();
    try (ResultSet found = read.executeQuery()) {
      List<StoredChange> row = new ArrayList<>();
      long number = 0;
      boolean isResumed = false;
      while (found.next()) {
        if (found.getLong(1) != number) {
          settle(row, isResumed, unsettled);
          number = found.getLong(1);
          isResumed = found.getBoolean(3) && !found.getString(4).equals(HistoryRow.DELETE);
        }
        row.add(change(found));
      }
      settle(row, isResumed, unsettled);
    }
    if (unsettled.isEmpty()) {
      return;
    }
    try (PreparedStatement statement = connection.prepareStatement(sql.settle())) {
      new RowArrays<>(table, unsettled)
          .texts(StoredChange::place)
          .times(change -> change.state().validFrom())
          .times(change -> change.state().validTo())
          .bytes(change -> change.state().position())
          .times(change -> change.state().committedAt())
          .flags(change -> change.state().isVisible())
          .bind(statement);
      statement.executeUpdate();
    }
  }

  private static void settle(
      List<StoredChange> row, boolean isResumed, List<StoredChange> unsettled) {
    Timeline.settle(row, isResumed);
    row.stream().filter(StoredChange::isChanged).forEach(unsettled::add);
    row.clear();
  }

  private static StoredChange change(ResultSet found) throws SQLException {
    StoredChange.State state =
        new StoredChange.State(
            time(found, 8),
            time(found, 9),
            found.getBytes(10),
            time(found, 11),
            found.getBoolean(12));
    return new StoredChange(
        found.getString(2),
        found.getString(4),
        found.getBytes(5),
        time(found, 6),
        found.getBoolean(7),
        state);
  }

  private static long time(ResultSet found, int column) throws SQLException {
    long micros = found.getLong(column);
    return found.wasNull() ? ChangeEvent.NO_TIME : micros;
  }
}
