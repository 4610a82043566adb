package io.millrace.transforms.warehouse;

import io.millrace.schemas.Position;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Keeps the history of one table: all changes, and the versions that follow from them. What comes
 * out depends on the set of changes alone.
 *
 * <p>With soft deletes the newest change of a row is kept with the row itself, as long as it opened
 * the row's current version: the table of all changes gets it when the next comes, with the end of
 * its version, and is not touched again. Changes that are newer than all that is known of their
 * row, and supply all of it, need no more: what they come to is worked out before the database is
 * asked, as if nothing or another version came before them, and the database ends that version, or
 * answers those rows of which this is not so. For others, the row's newest change moves to the
 * table of all changes first; around them, columns that changes left unchanged are given their
 * values, and the versions of the row are worked out from the newest upsert before the first new
 * change on.
 *
 * <p>Nobody else writes the touched rows meanwhile: with soft deletes this locks each, in the table
 * of current rows; with hard ones, which keep no row to lock, the table of all changes.
 */
final class HistoryWriter {
  private final TargetTable table;
  private final HistoryStatements sql;
  private final String claim;
  private final boolean keepsTips;
  private final HistorySettler settler;
  private final HistoryEnds ends;

  /**
   * Changes of a batch, with all done that needs no database.
   *
   * @param kept rows that can hold the newest of their changes
   * @param following other rows whose changes may follow others as they are
   * @param others further rows
   */
  record Prepared(FollowingRows kept, FollowingRows following, List<RowPatch> others) {
    private boolean isEmpty() {
      return kept.rows().isEmpty() && following.rows().isEmpty() && others.isEmpty();
    }

    private boolean isAnyBefore(Position end) {
      return Stream.of(kept.rows(), following.rows(), others)
          .flatMap(List::stream)
          .anyMatch(row -> end.isAfter(row.history().get(0).position()));
    }
  }

  /**
   * Which rows hold the newest of their changes.
   *
   * @param without those that do not, although they can
   * @param added how many rows there are that can, and were not there
   */
  record Held(Set<RowPatch> without, int added) {
    boolean holds(RowPatch row) {
      return row.tip() != null && !without.contains(row);
    }
  }

  /**
   * @param claim locks rows and makes those that are not there, empty: keys, positions
   * @param keepsTips whether rows hold the newest of their changes
   */
  HistoryWriter(TargetTable table, HistoryStatements sql, String claim, boolean keepsTips) {
    this.table = table;
    this.sql = sql;
    this.claim = claim;
    this.keepsTips = keepsTips;
    this.settler = new HistorySettler(table, sql);
    this.ends = new HistoryEnds(table, sql);
  }

  /** Does what can be done before {@link #write}, also by another thread. */
  Prepared prepare(List<RowPatch> patches) {
    FollowingRows kept = new FollowingRows(table, sql);
    FollowingRows following = new FollowingRows(table, sql);
    List<RowPatch> others = new ArrayList<>();
    for (RowPatch patch : patches) {
      List<HistoryRow> row = patch.history();
      List<StoredChange> changes = FollowingRows.behind(null, row);
      if (changes == null) {
        others.add(patch);
        continue;
      }
      Timeline.settle(changes, false);
      int last = row.size() - 1;
      if (keepsTips && changes.get(last).opens()) {
        patch.keepWithRow(row.get(last).tip(changes.get(last).state()));
        kept.add(patch, row.subList(0, last), changes.subList(0, last));
      } else {
        following.add(patch, row, changes);
      }
    }
    return new Prepared(kept.prepare(), following.prepare(), others);
  }

  /**
   * Takes in changes; before the rows are written, if these hold changes.
   *
   * @param newestEnd the position of the newest of the table's ends, or {@link Position#NONE}
   */
  Held write(Connection connection, Prepared changes, Position newestEnd) throws SQLException {
    if (sql.lock() != null && !changes.isEmpty()) {
      try (Statement statement = connection.createStatement()) {
        statement.execute(sql.lock());
      }
    }
    if (changes.isAnyBefore(newestEnd)) {
      List<RowPatch> all =
          inOrder(changes.kept().rows(), changes.following().rows(), changes.others());
      Set<RowPatch> known = known(connection, all);
      List<RowPatch> rows = all.stream().filter(row -> !known.contains(row)).toList();
      claim(connection, rows);
      insertBetween(connection, ends.addTo(connection, histories(rows)));
      return new Held(identitySet(changes.kept().rows()), 0);
    }
    return keepsTips ? writeWithTips(connection, changes) : writeWithoutTips(connection, changes);
  }

  private Held writeWithoutTips(Connection connection, Prepared changes) throws SQLException {
    List<RowPatch> between = new ArrayList<>(changes.others());
    FollowingRows following = changes.following();
    following.write(connection, firsts(following.rows().size()), new BitSet(), between);
    insertBetween(connection, histories(between));
    return new Held(Set.of(), 0);
  }

  private Held writeWithTips(Connection connection, Prepared changes) throws SQLException {
    List<RowPatch> kept = changes.kept().rows();
    List<RowPatch> following = changes.following().rows();
    FollowingRows.Moved moved = changes.kept().move(connection);
    BitSet apart = (BitSet) moved.asked().clone();
    apart.andNot(moved.added());
    List<RowPatch> claimed =
        inOrder(apart.stream().mapToObj(kept::get).toList(), following, changes.others());
    Set<RowPatch> known = known(connection, claimed);
    claim(connection, claimed.stream().filter(row -> !known.contains(row)).toList());

    List<RowPatch> between = new ArrayList<>();
    changes.others().stream().filter(row -> !known.contains(row)).forEach(between::add);
    BitSet left = places(following, known);
    BitSet asked = firsts(following.size());
    asked.andNot(left);
    changes.following().write(connection, asked, left, between);
    left = places(kept, known);
    moved.asked().andNot(left);
    BitSet without = changes.kept().write(connection, moved.asked(), left, between);
    insertBetween(connection, histories(between));
    return new Held(
        identitySet(without.stream().mapToObj(kept::get).toList()), moved.added().cardinality());
  }

  private static BitSet firsts(int size) {
    BitSet all = new BitSet();
    all.set(0, size);
    return all;
  }

  private static BitSet places(List<RowPatch> rows, Set<RowPatch> some) {
    BitSet places = new BitSet();
    for (int i = 0; i < rows.size() && !some.isEmpty(); i++) {
      places.set(i, some.contains(rows.get(i)));
    }
    return places;
  }

  private static List<List<HistoryRow>> histories(List<RowPatch> rows) {
    return rows.stream().map(RowPatch::history).toList();
  }

  /** All rows, in the order in which all writers lock them. */
  private static List<RowPatch> inOrder(
      List<RowPatch> some, List<RowPatch> others, List<RowPatch> further) {
    return Stream.of(some, others, further)
        .flatMap(List::stream)
        .sorted((one, other) -> Arrays.compareUnsigned(one.key().bytes(), other.key().bytes()))
        .toList();
  }

  private static Set<RowPatch> identitySet(Collection<RowPatch> rows) {
    Set<RowPatch> set = Collections.newSetFromMap(new IdentityHashMap<>());
    set.addAll(rows);
    return set;
  }

  /** The rows of which all changes are there already. */
  private Set<RowPatch> known(Connection connection, List<RowPatch> rows) throws SQLException {
    Set<RowPatch> known = identitySet(rows);
    List<HistoryRow> changes = histories(rows).stream().flatMap(List::stream).toList();
    BitSet there = there(connection, changes);
    int next = 0;
    for (RowPatch row : rows) {
      int end = next + row.history().size();
      if (there.nextClearBit(next) < end) {
        known.remove(row);
      }
      next = end;
    }
    return known;
  }

  /** Makes sure that rows are there, locked, and hold no changes. */
  private void claim(Connection connection, List<RowPatch> rows) throws SQLException {
    if (!keepsTips || rows.isEmpty()) {
      return;
    }
    try (PreparedStatement statement = connection.prepareStatement(claim)) {
      new RowArrays<>(table, rows)
          .keys(RowPatch::keyValue)
          .positions(row -> Position.NONE)
          .bind(statement);
      statement.executeUpdate();
    }
    try (PreparedStatement statement = connection.prepareStatement(sql.moveAll())) {
      new RowArrays<>(table, rows).keys(RowPatch::keyValue).bind(statement);
      statement.executeUpdate();
    }
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

  /** Those of the changes that are not there. */
  private List<HistoryRow> unknown(Connection connection, List<HistoryRow> changes)
      throws SQLException {
    BitSet known = there(connection, changes);
    List<HistoryRow> unknown = new ArrayList<>();
    for (int i = known.nextClearBit(0); i < changes.size(); i = known.nextClearBit(i + 1)) {
      unknown.add(changes.get(i));
    }
    return unknown;
  }

  private BitSet there(Connection connection, List<HistoryRow> changes) throws SQLException {
    BitSet there = new BitSet();
    if (changes.isEmpty()) {
      return there;
    }
    try (PreparedStatement statement = connection.prepareStatement(sql.known())) {
      new RowArrays<>(table, changes)
          .keys(HistoryRow::keyValue)
          .positions(HistoryRow::position)
          .bind(statement);
      try (ResultSet numbers = statement.executeQuery()) {
        while (numbers.next()) {
          there.set(numbers.getInt(1) - 1);
        }
      }
    }
    return there;
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
