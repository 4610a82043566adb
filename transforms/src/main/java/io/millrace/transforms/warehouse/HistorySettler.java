package io.millrace.transforms.warehouse;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Works out the versions of rows from what the table of all changes has of them: columns that
 * changes left unchanged are given their values, and states that are no longer right are written.
 */
final class HistorySettler {
  private static final int PAGE = 5_000;

  private final TargetTable table;
  private final HistoryStatements sql;

  HistorySettler(TargetTable table, HistoryStatements sql) {
    this.table = table;
    this.sql = sql;
  }

  /** Settles rows from new changes of theirs on. */
  void settle(Connection connection, List<HistoryRow> firstOfEach) throws SQLException {
    RowArrays<HistoryRow> touched =
        new RowArrays<>(table, firstOfEach)
            .keys(HistoryRow::keyValue)
            .positions(HistoryRow::position);
    fill(connection, touched, sql.fill());
    settle(connection, touched, sql.read());
  }

  /** Settles rows from the changes at a position on. */
  void settleFrom(Connection connection, byte[] position) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql.ended())) {
      statement.setBytes(1, position);
      settleFrom(connection, statement, true);
    }
  }

  /** Works out the versions of all rows anew. */
  void settleAll(Connection connection) throws SQLException {
    try (PreparedStatement fill = connection.prepareStatement(sql.fillAll());
        PreparedStatement firsts = connection.prepareStatement(sql.firsts())) {
      fill.executeUpdate();
      settleFrom(connection, firsts, false);
    }
  }

  /** Settles rows from changes on whose places a query tells, which filling does not move. */
  private void settleFrom(Connection connection, PreparedStatement statement, boolean fills)
      throws SQLException {
    statement.setFetchSize(PAGE);
    try (ResultSet places = statement.executeQuery()) {
      List<String> page = new ArrayList<>();
      while (places.next()) {
        page.add(places.getString(1));
        if (page.size() == PAGE) {
          settleFrom(connection, page, fills);
        }
      }
      settleFrom(connection, page, fills);
    }
  }

  private void settleFrom(Connection connection, List<String> places, boolean fills)
      throws SQLException {
    RowArrays<String> from = new RowArrays<>(table, places).texts(place -> place);
    if (fills) {
      fill(connection, from, sql.fillFrom());
    }
    settle(connection, from, sql.readFrom());
    places.clear();
  }

  /** Gives columns that changes left unchanged their values. */
  private static void fill(Connection connection, RowArrays<?> touched, String sql)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      touched.bind(statement);
      statement.executeUpdate();
    }
  }

  /** Gives rows the versions that follow from all their changes. */
  private void settle(Connection connection, RowArrays<?> touched, String read)
      throws SQLException {
    List<StoredChange> unsettled = new ArrayList<>();
    try (PreparedStatement reading = connection.prepareStatement(read)) {
      touched.bind(reading);
      try (ResultSet found = reading.executeQuery()) {
        List<StoredChange> row = new ArrayList<>();
        long number = 0;
        boolean isResumed = false;
        while (found.next()) {
          if (found.getLong(1) != number) {
            settle(row, isResumed, unsettled);
            number = found.getLong(1);
            isResumed = found.getBoolean(12) && HistoryRow.isUpsert(found.getString(3));
          }
          row.add(StoredChange.read(found));
        }
        settle(row, isResumed, unsettled);
      }
    }
    write(connection, unsettled);
  }

  private static void settle(
      List<StoredChange> row, boolean isResumed, List<StoredChange> unsettled) {
    Timeline.settle(row, isResumed);
    row.stream().filter(StoredChange::isChanged).forEach(unsettled::add);
    row.clear();
  }

  /** Writes states that are not as they were. */
  void write(Connection connection, List<StoredChange> changes) throws SQLException {
    if (changes.isEmpty()) {
      return;
    }
    try (PreparedStatement statement = connection.prepareStatement(sql.settle())) {
      new RowArrays<>(table, changes)
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
}
