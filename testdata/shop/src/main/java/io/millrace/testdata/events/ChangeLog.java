package io.millrace.testdata.events;

import io.millrace.testdata.events.Bank.Table;
import io.millrace.testdata.events.Change.Operation;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/**
 * Makes up the bank's changes in the order of its log: a snapshot first, then transactions.
 *
 * <p>Transactions have one to twenty changes. One in fifty is long: it writes early, so its rows'
 * LSNs are low, and commits late. The first of them is open across the snapshot, so that its rows
 * stand before the snapshot in the log and are newer all the same. Nobody else touches a row that
 * an open transaction wrote, as in PostgreSQL.
 */
final class ChangeLog {
  private static final double LONG_TRANSACTION = 0.02;

  private enum Kind {
    INSERT,
    UPDATE,
    DELETE,
    KEY_CHANGE
  }

  /** A change that was written, and is seen when its transaction commits. */
  private record Written(Table table, Kind kind, Row row, long lsn) {}

  private record Open(List<Written> changes, long commitAfter) {}

  private final SplittableRandom random;
  private final long events;
  private final long keys;
  private final boolean keyUpdates;
  private final Consumer<Change> output;
  private final Map<Table, LiveRows> rows = new LinkedHashMap<>();
  private final Deque<Open> open = new ArrayDeque<>();
  private int openChanges;
  private long emitted;
  private long lsn = 23_000_000;
  private long lastCommitLsn;
  private long transaction = 700;
  private long clock = 1_750_000_000_000L;
  private int order;
  private final Map<Table, Integer> tableOrder = new LinkedHashMap<>();

  /**
   * A log that was not made yet.
   *
   * @param events how many changes, the snapshot's rows among them
   * @param keys how many rows the snapshot has; about as many live at any time
   * @param skew see {@link LiveRows}
   * @param keyUpdates whether some updates change the key in one event, not in two
   */
  ChangeLog(
      long seed, long events, long keys, double skew, boolean keyUpdates, Consumer<Change> output) {
    this.random = new SplittableRandom(seed);
    this.events = events;
    this.keys = Math.max(8, Math.min(keys, events / 4));
    this.keyUpdates = keyUpdates;
    this.output = output;
    for (Table table : Table.ALL) {
      rows.put(table, new LiveRows(skew));
    }
  }

  /** The live rows, once the log has run. */
  List<Row> live(Table table) {
    return rows.get(table).all();
  }

  /** Makes all changes. */
  void run() {
    snapshot();
    while (events - emitted > openChanges) {
      if (!open.isEmpty() && open.peek().commitAfter() <= transaction) {
        commit(open.remove());
      } else if (random.nextDouble() < LONG_TRANSACTION && events - emitted > openChanges + 10) {
        begin(3 + random.nextInt(8));
      } else {
        transaction();
      }
    }
    while (!open.isEmpty()) {
      commit(open.remove());
    }
  }

  private void snapshot() {
    for (LiveRows live : rows.values()) {
      for (long i = 0; i < keys / 2; i++) {
        live.add(new Row(live.unused(random), random.nextLong()));
      }
    }
    List<List<Row>> seen = rows.values().stream().map(live -> List.copyOf(live.all())).toList();
    begin(4);
    long snapshotLsn = nextLsn();
    int table = 0;
    for (Map.Entry<Table, LiveRows> entry : rows.entrySet()) {
      for (Row row : seen.get(table)) {
        emit(entry.getKey(), Operation.READ, Change.SAME_KEY, row, false, false, snapshotLsn);
      }
      table++;
    }
  }

  private void transaction() {
    double kind = random.nextDouble();
    int size = kind < 0.6 ? 1 : kind < 0.95 ? 2 + random.nextInt(4) : 6 + random.nextInt(15);
    startTransaction();
    for (int i = 0; i < size && events - emitted > openChanges; i++) {
      Table table = table();
      Kind change = kind(table);
      Row row = change == Kind.INSERT ? null : rows.get(table).pick(random);
      apply(new Written(table, change, row, nextLsn()), events - emitted > openChanges + 1);
    }
    endTransaction();
  }

  private void begin(int size) {
    List<Written> changes = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      Table table = table();
      Kind kind = random.nextInt(4) == 0 ? Kind.INSERT : Kind.UPDATE;
      Row row = kind == Kind.INSERT ? null : rows.get(table).pick(random);
      if (row != null) {
        rows.get(table).remove(row);
      }
      changes.add(new Written(table, kind, row, nextLsn()));
    }
    openChanges += size;
    open.add(new Open(changes, transaction + 20 + random.nextInt(200)));
  }

  private void commit(Open written) {
    startTransaction();
    for (Written change : written.changes()) {
      openChanges--;
      if (change.row() != null) {
        rows.get(change.table()).add(change.row());
      }
      apply(change, false);
    }
    endTransaction();
  }

  private Table table() {
    return random.nextInt(5) < 2 ? Table.ACCOUNTS : Table.TRANSFERS;
  }

  private Kind kind(Table table) {
    LiveRows live = rows.get(table);
    if (live.size() < 4) {
      return Kind.INSERT;
    }
    boolean full = live.size() > keys / 2;
    double kind = random.nextDouble();
    if (kind < (full ? 0.10 : 0.18)) {
      return Kind.INSERT;
    }
    if (kind < (full ? 0.26 : 0.28)) {
      return Kind.DELETE;
    }
    return kind < 0.32 ? Kind.KEY_CHANGE : Kind.UPDATE;
  }

  private void apply(Written change, boolean roomForTwo) {
    Table table = change.table();
    LiveRows live = rows.get(table);
    Row row = change.row();
    switch (change.kind()) {
      case INSERT -> {
        Row inserted = new Row(live.unused(random), random.nextLong());
        live.add(inserted);
        emit(table, Operation.INSERT, Change.SAME_KEY, inserted, false, false, change.lsn());
      }
      case UPDATE -> {
        boolean sometimes = random.nextInt(10) > 0;
        boolean wide = random.nextInt(10) < 3;
        row.update(random.nextLong(), sometimes, wide);
        emit(table, Operation.UPDATE, Change.SAME_KEY, row, !sometimes, !wide, change.lsn());
      }
      case DELETE -> {
        live.remove(row);
        live.bury(row.number);
        emit(table, Operation.DELETE, Change.SAME_KEY, row, false, false, change.lsn());
      }
      case KEY_CHANGE -> changeKey(table, row, change.lsn(), roomForTwo);
    }
  }

  private void changeKey(Table table, Row row, long at, boolean roomForTwo) {
    boolean oneEvent = keyUpdates && random.nextBoolean();
    if (!oneEvent && !roomForTwo) {
      row.renew(random.nextLong());
      emit(table, Operation.UPDATE, Change.SAME_KEY, row, false, false, at);
      return;
    }
    long old = row.number;
    if (!oneEvent) {
      emit(table, Operation.DELETE, Change.SAME_KEY, row, false, false, at);
    }
    row.number = rows.get(table).unused(random);
    row.renew(random.nextLong());
    if (oneEvent) {
      emit(table, Operation.UPDATE, old, row, false, false, at);
    } else {
      emit(table, Operation.INSERT, Change.SAME_KEY, row, false, false, at);
    }
    rows.get(table).bury(old);
  }

  private void startTransaction() {
    transaction++;
    clock += random.nextInt(4);
    order = 0;
    tableOrder.clear();
  }

  private void endTransaction() {
    lastCommitLsn = nextLsn();
  }

  private long nextLsn() {
    lsn += 56 + 8L * random.nextInt(40);
    return lsn;
  }

  private void emit(
      Table table,
      Operation operation,
      long oldNumber,
      Row row,
      boolean sometimesAbsent,
      boolean wideUntouched,
      long at) {
    order++;
    emitted++;
    output.accept(
        new Change(
            emitted,
            table,
            operation,
            oldNumber,
            row,
            sometimesAbsent,
            wideUntouched,
            at,
            lastCommitLsn,
            transaction,
            order,
            tableOrder.merge(table, 1, Integer::sum),
            clock));
  }
}
