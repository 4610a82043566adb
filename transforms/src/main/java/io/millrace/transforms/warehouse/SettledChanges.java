package io.millrace.transforms.warehouse;

import io.millrace.schemas.contract.ColumnContract;
import io.millrace.schemas.contract.ColumnType;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * Changes with the versions that they belong to, on their way into a table of all changes, in
 * groups of which some may be left out in the end.
 */
final class SettledChanges {
  /** How many fields a change has that is copied, beside its row's. */
  private static final int SYSTEM_FIELDS = 10;

  private final TargetTable table;
  private final HistoryStatements sql;
  private final List<List<Settled>> groups = new ArrayList<>();

  private record Settled(HistoryRow row, StoredChange.State state) {}

  SettledChanges(TargetTable table, HistoryStatements sql) {
    this.table = table;
    this.sql = sql;
  }

  /**
   * Adds a group of changes of one row.
   *
   * @param changes {@code rows} with their states, behind others that are not meant
   */
  void add(List<HistoryRow> rows, List<StoredChange> changes) {
    int behind = changes.size() - rows.size();
    List<Settled> group = new ArrayList<>(rows.size());
    for (int i = 0; i < rows.size(); i++) {
      group.add(new Settled(rows.get(i), changes.get(behind + i).state()));
    }
    groups.add(group);
  }

  int groups() {
    return groups.size();
  }

  /** All that has to be done before they can be written. */
  Prepared prepare() {
    return sql.copy() == null ? this::insert : copied();
  }

  /** Changes that are ready to be written. */
  interface Prepared {
    /** Writes them, without some of the groups. */
    void write(Connection connection, BitSet without) throws SQLException;
  }

  private Prepared copied() {
    List<ColumnType> keys = table.key().stream().map(ColumnContract::type).toList();
    List<ColumnType> values = table.valueTypes();
    CopyRows rows = new CopyRows(groups.size(), keys.size() + values.size() + SYSTEM_FIELDS);
    for (List<Settled> group : groups) {
      for (Settled change : group) {
        addRow(change, keys, values, rows);
      }
      rows.endGroup();
    }
    BitSet empty = new BitSet();
    for (int i = 0; i < groups.size(); i++) {
      empty.set(i, groups.get(i).isEmpty());
    }
    return (connection, without) -> {
      BitSet nothing = (BitSet) empty.clone();
      nothing.or(without);
      if (nothing.cardinality() < groups.size()) {
        rows.copy(connection, sql.copy(), without);
      }
    };
  }

  private static void addRow(
      Settled change, List<ColumnType> keys, List<ColumnType> values, CopyRows rows) {
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

  private void insert(Connection connection, BitSet without) throws SQLException {
    List<Settled> changes = new ArrayList<>();
    for (int i = without.nextClearBit(0); i < groups.size(); i = without.nextClearBit(i + 1)) {
      changes.addAll(groups.get(i));
    }
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

  /** Writes changes that may leave columns unchanged. */
  void insert(Connection connection) throws SQLException {
    insert(connection, new BitSet());
  }
}
