package io.millrace.transforms.warehouse;

import io.millrace.transforms.warehouse.TrackedDigest.Answer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Rows whose changes may follow what is known of them: each change supplies the whole row, and what
 * they come to is worked out before the database is asked, as if nothing or another version came
 * before them.
 */
final class FollowingRows {
  private final TargetTable table;
  private final HistoryStatements sql;
  private final List<RowPatch> rows = new ArrayList<>();
  private final SettledChanges settled;

  /** What a batch writes, ready to be sent. */
  private @Nullable RowArrays<RowPatch> beginnings;

  private SettledChanges.@Nullable Prepared changes;

  /** The newest change of a row, and its digest. */
  private static final class Newest {
    private final StoredChange change;
    private final byte @Nullable [] digest;

    Newest(StoredChange change, byte @Nullable [] digest) {
      this.change = change;
      this.digest = digest;
    }
  }

  FollowingRows(TargetTable table, HistoryStatements sql) {
    this.table = table;
    this.sql = sql;
    this.settled = new SettledChanges(table, sql);
  }

  /**
   * Adds a row.
   *
   * @param written those of its changes that go to the table of all changes
   * @param states of these
   */
  void add(RowPatch row, List<HistoryRow> written, List<StoredChange> states) {
    rows.add(row);
    settled.add(written, states);
  }

  /** Does what needs no database, once all rows are there. */
  FollowingRows prepare() {
    beginnings = beginnings(rows);
    changes = settled.prepare();
    return this;
  }

  List<RowPatch> rows() {
    return rows;
  }

  private RowArrays<RowPatch> beginnings(List<RowPatch> rows) {
    return new RowArrays<>(table, rows)
        .keys(RowPatch::keyValue)
        .positions(row -> row.history().get(0).position())
        .times(row -> row.history().get(0).committedAt())
        .bytes(row -> TrackedDigest.known(row.history().get(0).digest()))
        .numbers();
  }

  /**
   * Rows whose new changes do not simply follow those that they held.
   *
   * @param added those that are not there
   * @param asked those of which there may be other changes
   */
  record Moved(BitSet added, BitSet asked) {}

  /**
   * Moves the changes that the rows hold to the table of all changes, and ends their versions,
   * where the rows' new changes simply follow.
   */
  Moved move(Connection connection) throws SQLException {
    Moved others = new Moved(new BitSet(), new BitSet());
    if (!rows.isEmpty()) {
      try (PreparedStatement statement = connection.prepareStatement(sql.move())) {
        beginnings.bind(statement);
        try (ResultSet found = statement.executeQuery()) {
          while (found.next()) {
            int place = found.getInt(1) - 1;
            others.added.set(place, found.getBoolean(2));
            others.asked.set(place, found.getBoolean(3));
          }
        }
      }
    }
    return others;
  }

  /**
   * Writes changes that follow others as they are, or repeat them, or began later.
   *
   * @param asked the rows that the table of all changes has to be asked about
   * @param left the rows that have nothing new; the changes of all others follow
   * @param between is given the rows whose changes do not come behind all others
   * @return the rows that do not end with a new version of their own
   */
  BitSet write(Connection connection, BitSet asked, BitSet left, List<RowPatch> between)
      throws SQLException {
    List<RowPatch> unsure = asked.stream().mapToObj(rows::get).toList();
    boolean isAll = unsure.size() == rows.size();
    Newest[] newest = newest(connection, unsure.size(), isAll ? beginnings : beginnings(unsure));
    BitSet apart = (BitSet) left.clone();
    int next = 0;
    for (int i = asked.nextSetBit(0); i >= 0; i = asked.nextSetBit(i + 1)) {
      apart.set(i, newest[next++] != null);
    }
    changes.write(connection, apart);
    append(connection, unsure, newest, between);
    return apart;
  }

  /**
   * Ends the versions that rows' changes follow.
   *
   * @return the newest change of each row whose changes do not simply follow it; null for others
   */
  private Newest[] newest(Connection connection, int rows, RowArrays<RowPatch> beginnings)
      throws SQLException {
    Newest[] newest = new Newest[rows];
    if (rows > 0) {
      try (PreparedStatement statement = connection.prepareStatement(sql.follow())) {
        beginnings.bind(statement);
        try (ResultSet found = statement.executeQuery()) {
          while (found.next()) {
            newest[found.getInt(1) - 1] = new Newest(StoredChange.read(found), found.getBytes(12));
          }
        }
      }
    }
    return newest;
  }

  /** Writes changes behind others that they repeat or that began later. */
  private void append(
      Connection connection, List<RowPatch> rows, Newest[] newest, List<RowPatch> between)
      throws SQLException {
    SettledChanges appended = new SettledChanges(table, sql);
    List<StoredChange> ended = new ArrayList<>();
    for (int i = 0; i < newest.length; i++) {
      if (newest[i] != null) {
        List<HistoryRow> row = rows.get(i).history();
        List<StoredChange> changes = behind(newest[i], row);
        if (changes == null) {
          between.add(rows.get(i));
        } else {
          Timeline.settle(changes, true);
          appended.add(row, changes);
          if (changes.get(0).isChanged()) {
            ended.add(changes.get(0));
          }
        }
      }
    }
    if (appended.groups() > 0) {
      appended.prepare().write(connection, new BitSet());
      new HistorySettler(table, sql).write(connection, ended);
    }
  }

  /**
   * Changes of a row behind what it ends with, which is the first of the result.
   *
   * @param newest what the row ends with, or null for nothing
   * @return null if they are not behind it, or if the database has to be asked what they come to
   */
  static @Nullable List<StoredChange> behind(@Nullable Newest newest, List<HistoryRow> row) {
    byte[] before = null;
    List<StoredChange> changes = new ArrayList<>(row.size() + 1);
    if (newest != null) {
      if (newest.change.isSnapshot()
          || newest.change.position().compareTo(row.get(0).position()) >= 0) {
        return null;
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
        return null;
      }
      changes.add(StoredChange.of(change, same == Answer.SAME));
      before = change.digest();
    }
    return changes;
  }
}
