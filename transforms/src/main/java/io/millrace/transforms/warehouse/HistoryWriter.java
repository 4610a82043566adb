package io.millrace.transforms.warehouse;

import io.millrace.schemas.Position;
import io.millrace.transforms.warehouse.TrackedDigest.Answer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Keeps the table of all changes of one table, and the versions that follow from them. What comes
 * out depends on the set of changes alone.
 *
 * <p>Changes that are newer than all that is known of their row, and supply all of it, are written
 * with their versions at once: what they come to is worked out before the database is asked, as if
 * nothing or another version came before them, and the database ends that version, or answers those
 * rows of which this is not so. Around others, columns that changes left unchanged are given their
 * values, and the versions of the row are worked out from the newest upsert before the first new
 * change on.
 *
 * <p>Nobody else writes the touched rows meanwhile: with soft deletes the caller holds a lock on
 * each, in the table of current rows; with hard ones, which keep no row to lock, this takes a lock
 * on the table.
 */
final class HistoryWriter {
  private final TargetTable table;
  private final HistoryStatements sql;
  private final HistorySettler settler;
  private final HistoryEnds ends;

  /**
   * Changes of a batch, with all done that needs no database.
   *
   * @param following the changes of each row that can follow others as they are
   * @param arrays where they begin, for the database to compare
   * @param settled the same, as they are if they do follow
   * @param others changes of further rows
   */
  record Prepared(
      List<List<HistoryRow>> following,
      @Nullable RowArrays<List<HistoryRow>> arrays,
      SettledChanges.@Nullable Prepared settled,
      List<List<HistoryRow>> others) {}

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
    this.settler = new HistorySettler(table, sql);
    this.ends = new HistoryEnds(table, sql);
  }

  /**
   * Does what can be done before {@link #write}, also by another thread.
   *
   * @param rows the changes of each row, in the order of their positions
   */
  Prepared prepare(List<List<HistoryRow>> rows) {
    SettledChanges settled = new SettledChanges(table, sql);
    List<List<HistoryRow>> following = new ArrayList<>();
    List<List<HistoryRow>> others = new ArrayList<>();
    for (List<HistoryRow> row : rows) {
      List<StoredChange> changes = behind(null, row);
      if (changes == null) {
        others.add(row);
      } else {
        Timeline.settle(changes, false);
        settled.add(row, changes);
        following.add(row);
      }
    }
    return following.isEmpty()
        ? new Prepared(following, null, null, others)
        : new Prepared(following, beginnings(following), settled.prepare(), others);
  }

  private RowArrays<List<HistoryRow>> beginnings(List<List<HistoryRow>> rows) {
    return new RowArrays<>(table, rows)
        .keys((row, place) -> row.get(0).keyValue(place))
        .positions(row -> row.get(0).position())
        .times(row -> row.get(0).committedAt())
        .bytes(row -> row.get(0).digest());
  }

  /**
   * Takes in changes.
   *
   * @param newestEnd the position of the newest of the table's ends, or {@link Position#NONE}
   */
  void write(Connection connection, Prepared changes, Position newestEnd) throws SQLException {
    if (sql.lock() != null && !(changes.following().isEmpty() && changes.others().isEmpty())) {
      try (Statement statement = connection.createStatement()) {
        statement.execute(sql.lock());
      }
    }
    if (isBefore(changes.following(), newestEnd) || isBefore(changes.others(), newestEnd)) {
      List<List<HistoryRow>> all = new ArrayList<>(changes.following());
      all.addAll(changes.others());
      insertBetween(connection, ends.addTo(connection, all));
      return;
    }
    List<List<HistoryRow>> others = new ArrayList<>(changes.others());
    if (changes.arrays() != null && changes.settled() != null) {
      Newest[] before = follow(connection, changes.following().size(), changes.arrays());
      BitSet apart = new BitSet();
      for (int i = 0; i < before.length; i++) {
        apart.set(i, before[i] != null);
      }
      changes.settled().write(connection, apart);
      append(connection, changes.following(), before, others);
    }
    insertBetween(connection, others);
  }

  private static boolean isBefore(List<List<HistoryRow>> rows, Position end) {
    return rows.stream().anyMatch(row -> end.isAfter(row.get(0).position()));
  }

  /**
   * Ends the versions that rows' changes follow.
   *
   * @return the newest change of each row whose changes do not simply follow it; null for others
   */
  private Newest[] follow(Connection connection, int rows, RowArrays<List<HistoryRow>> beginnings)
      throws SQLException {
    Newest[] apart = new Newest[rows];
    try (PreparedStatement statement = connection.prepareStatement(sql.follow())) {
      beginnings.bind(statement);
      try (ResultSet found = statement.executeQuery()) {
        while (found.next()) {
          apart[found.getInt(1) - 1] = new Newest(StoredChange.read(found), found.getBytes(12));
        }
      }
    }
    return apart;
  }

  /** Writes changes behind others that they repeat or that began later. */
  private void append(
      Connection connection,
      List<List<HistoryRow>> rows,
      Newest[] before,
      List<List<HistoryRow>> others)
      throws SQLException {
    SettledChanges appended = new SettledChanges(table, sql);
    List<StoredChange> ended = new ArrayList<>();
    for (int i = 0; i < before.length; i++) {
      if (before[i] != null) {
        List<StoredChange> changes = behind(before[i], rows.get(i));
        if (changes == null) {
          others.add(rows.get(i));
        } else {
          Timeline.settle(changes, true);
          appended.add(rows.get(i), changes);
          if (changes.get(0).isChanged()) {
            ended.add(changes.get(0));
          }
        }
      }
    }
    if (appended.groups() > 0) {
      appended.prepare().write(connection, new BitSet());
      settler.write(connection, ended);
    }
  }

  /**
   * Changes of a row behind what it ends with, which is the first of the result.
   *
   * @param newest what the row ends with, or null for nothing
   * @return null if they are not behind it, or if the database has to be asked what they come to
   */
  private static @Nullable List<StoredChange> behind(
      @Nullable Newest newest, List<HistoryRow> row) {
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

  /** Inserts changes anywhere among those of their rows. */
  private void insertBetween(Connection connection, List<List<HistoryRow>> rows)
      throws SQLException {
    List<HistoryRow> changes = rows.stream().flatMap(List::stream).toList();
    List<HistoryRow> unknown = changes.isEmpty() ? changes : unknown(connection, changes);
    if (unknown.isEmpty()) {
      return;
    }
    SettledChanges unsettled = new SettledChanges(table, sql);
    unsettled.add(unknown, unknown.stream().map(change -> StoredChange.of(change, false)).toList());
    unsettled.insert(connection);
    settler.settle(connection, firstOfEach(unknown));
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
    if (ends.add(connection, end)) {
      settler.settleFrom(connection, end.position().bytes());
    }
  }
}
