package io.millrace.transforms.warehouse;

import io.millrace.schemas.ChangeEvent;
import io.millrace.schemas.Position;
import io.millrace.schemas.contract.ColumnContract;
import io.millrace.schemas.contract.ColumnType;
import io.millrace.transforms.warehouse.TrackedDigest.Answer;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Keeps the table of all changes of one table, and the versions that follow from them. What comes
 * out depends on the set of changes alone.
 *
 * <p>Changes that are newer than all that is known of their row, and supply all of it, are written
 * with their versions at once. Around others, columns that changes left unchanged are given their
 * values, and the versions of the row are worked out from the newest upsert before the first new
 * change on.
 *
 * <p>Nobody else writes the touched rows meanwhile: with soft deletes the caller holds a lock on
 * each, in the table of current rows; with hard ones, which keep no row to lock, this takes a lock
 * on the table.
 */
final class HistoryWriter {
  private static final int PAGE = 5_000;

  /** How many fields a change has that is copied, beside its row's. */
  private static final int SYSTEM_FIELDS = 10;

  private final TargetTable table;
  private final HistoryStatements sql;

  /** A change with the state that it has, if that is known. */
  private record Settled(HistoryRow row, StoredChange.State state) {}

  /** The newest change of a row, and its digest. */
  private static final class Newest {
    private final StoredChange change;
    private final byte @Nullable [] digest;

    Newest(StoredChange change, byte @Nullable [] digest) {
      this.change = change;
      this.digest = digest;
    }
  }

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
    if (rows.isEmpty()) {
      return;
    }
    if (sql.lock() != null) {
      try (Statement statement = connection.createStatement()) {
        statement.execute(sql.lock());
      }
    }
    List<RowsEnd> ends = newestEnd.equals(Position.NONE) ? List.of() : ends(connection);
    List<List<HistoryRow>> changes = rows.stream().map(row -> withEnds(row, ends)).toList();
    Newest[] newest = newest(connection, changes);
    List<Settled> appended = new ArrayList<>();
    List<StoredChange> ended = new ArrayList<>();
    List<HistoryRow> others = new ArrayList<>();
    for (int i = 0; i < newest.length; i++) {
      if (!append(newest[i], changes.get(i), appended, ended)) {
        others.addAll(changes.get(i));
      }
    }
    append(connection, appended);
    settle(connection, ended);
    insertBetween(connection, others);
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

  private List<RowsEnd> ends(Connection connection) throws SQLException {
    List<RowsEnd> ends = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(ControlTables.READ_ENDS)) {
      statement.setString(1, table.qualifiedName());
      try (ResultSet found = statement.executeQuery()) {
        while (found.next()) {
          ends.add(
              new RowsEnd(Position.of(found.getBytes(1)), time(found, 2), found.getBoolean(3)));
        }
      }
    }
    return ends;
  }

  /** The newest change of each row, null where there is none. */
  private Newest[] newest(Connection connection, List<List<HistoryRow>> rows) throws SQLException {
    Newest[] newest = new Newest[rows.size()];
    try (PreparedStatement statement = connection.prepareStatement(sql.newest())) {
      new RowArrays<>(table, rows).keys((row, place) -> row.get(0).keyValue(place)).bind(statement);
      try (ResultSet found = statement.executeQuery()) {
        while (found.next()) {
          newest[found.getInt(1) - 1] = new Newest(change(found), found.getBytes(12));
        }
      }
    }
    return newest;
  }

  /**
   * Works out the versions of changes that come behind all others of their row.
   *
   * @param newest what the row ends with
   * @return false if they do not, or if the database has to be asked what they come to
   */
  private static boolean append(
      @Nullable Newest newest,
      List<HistoryRow> row,
      List<Settled> appended,
      List<StoredChange> ended) {
    byte[] before = null;
    List<StoredChange> changes = new ArrayList<>(row.size() + 1);
    if (newest != null) {
      if (newest.change.isSnapshot()
          || newest.change.position().compareTo(row.get(0).position()) >= 0) {
        return false;
      }
      changes.add(newest.change);
      before = newest.digest;
    }
    for (HistoryRow change : row) {
      boolean follows = !changes.isEmpty() && !changes.get(changes.size() - 1).isDelete();
      Answer same =
          change.isDelete() || !follows
              ? Answer.OTHER
              : TrackedDigest.compare(before, change.digest());
      if (!change.isWhole() || same == Answer.UNSURE) {
        return false;
      }
      changes.add(StoredChange.of(change, same == Answer.SAME));
      before = change.digest();
    }
    Timeline.settle(changes, newest != null);
    int known = newest == null ? 0 : 1;
    for (int i = 0; i < row.size(); i++) {
      appended.add(new Settled(row.get(i), changes.get(known + i).state()));
    }
    if (newest != null && newest.change.isChanged()) {
      ended.add(newest.change);
    }
    return true;
  }

  private void append(Connection connection, List<Settled> changes) throws SQLException {
    if (sql.copy() == null || changes.isEmpty()) {
      insert(connection, changes);
      return;
    }
    List<ColumnType> keys = table.key().stream().map(ColumnContract::type).toList();
    List<ColumnType> values = table.valueTypes();
    CopyRows rows = new CopyRows(changes.size(), keys.size() + values.size() + SYSTEM_FIELDS);
    for (Settled change : changes) {
      HistoryRow row = change.row();
      rows.beginRow();
      for (int i = 0; i < keys.size(); i++) {
        rows.add(keys.get(i), row.keyValue(i));
      }
      for (int i = 0; i < values.size(); i++) {
        rows.add(values.get(i), row.value(i));
      }
      rows.addBytes(row.position().bytes());
      rows.addTime(row.committedAt());
      rows.addTime(row.receivedAt());
      rows.addText(row.operation());
      rows.addBytes(row.digest());
      rows.addTime(change.state().validFrom());
      rows.addTime(change.state().validTo());
      rows.addBytes(change.state().position());
      rows.addTime(change.state().committedAt());
      rows.addFlag(change.state().isVisible());
    }
    rows.copy(connection, sql.copy());
  }

  private void insert(Connection connection, List<Settled> changes) throws SQLException {
    if (changes.isEmpty()) {
      return;
    }
    try (PreparedStatement statement = connection.prepareStatement(sql.insert())) {
      new RowArrays<>(table, changes)
          .keys((change, place) -> change.row().keyValue(place))
          .values((change, place) -> change.row().value(place))
          .positions(change -> change.row().position())
          .times(change -> change.row().committedAt())
          .times(change -> change.row().receivedAt())
          .texts(change -> change.row().operation())
          .texts(change -> change.row().unchanged(table))
          .bytes(change -> change.row().digest())
          .times(change -> change.state().validFrom())
          .times(change -> change.state().validTo())
          .bytes(change -> change.state().position())
          .times(change -> change.state().committedAt())
          .flags(change -> change.state().isVisible())
          .bind(statement);
      statement.executeUpdate();
    }
  }

  /** Inserts changes anywhere among those of their rows. */
  private void insertBetween(Connection connection, List<HistoryRow> changes) throws SQLException {
    List<HistoryRow> unknown = changes.isEmpty() ? changes : unknown(connection, changes);
    if (unknown.isEmpty()) {
      return;
    }
    insert(
        connection,
        unknown.stream().map(change -> new Settled(change, StoredChange.NONE)).toList());
    RowArrays<HistoryRow> touched =
        new RowArrays<>(table, firstOfEach(unknown))
            .keys(HistoryRow::keyValue)
            .positions(HistoryRow::position);
    fill(connection, touched, sql.fill());
    settle(connection, touched, sql.read());
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
    for (int i = 0; i < changes.size(); i++) {
      if (!known.get(i)) {
        unknown.add(changes.get(i));
      }
    }
    return unknown;
  }

  /** The first change of each row; those of a row stand together. */
  private static List<HistoryRow> firstOfEach(List<HistoryRow> changes) {
    List<HistoryRow> first = new ArrayList<>();
    for (HistoryRow change : changes) {
      if (first.isEmpty() || !first.get(first.size() - 1).isOfSameRow(change)) {
        first.add(change);
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
      statement.setBoolean(4, end.isSnapshot());
      if (statement.executeUpdate() == 0) {
        return;
      }
    }
    String ends = end.isSnapshot() ? sql.endUnread() : sql.end();
    try (PreparedStatement statement = connection.prepareStatement(ends)) {
      statement.setBytes(1, position);
      statement.setObject(2, committedAt, Types.BIGINT);
      statement.setBytes(3, position);
      if (end.isSnapshot()) {
        statement.setBytes(4, position);
      }
      statement.executeUpdate();
    }
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
          row.add(change(found));
        }
        settle(row, isResumed, unsettled);
      }
    }
    settle(connection, unsettled);
  }

  private static void settle(
      List<StoredChange> row, boolean isResumed, List<StoredChange> unsettled) {
    Timeline.settle(row, isResumed);
    row.stream().filter(StoredChange::isChanged).forEach(unsettled::add);
    row.clear();
  }

  /** Writes states that are not as they were. */
  private void settle(Connection connection, List<StoredChange> changes) throws SQLException {
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

  /** The change that a query tells of behind the row's number. */
  private static StoredChange change(ResultSet found) throws SQLException {
    StoredChange.State state =
        new StoredChange.State(
            time(found, 7),
            time(found, 8),
            found.getBytes(9),
            time(found, 10),
            found.getBoolean(11));
    return new StoredChange(
        found.getString(2),
        found.getString(3),
        Position.of(found.getBytes(4)),
        time(found, 5),
        found.getBoolean(6),
        state);
  }

  /** A time in the form in which PostgreSQL sends it. */
  private static long time(ResultSet found, int column) throws SQLException {
    byte[] micros = found.getBytes(column);
    return micros == null
        ? ChangeEvent.NO_TIME
        : BoundType.epochMicros(ByteBuffer.wrap(micros).getLong());
  }
}
