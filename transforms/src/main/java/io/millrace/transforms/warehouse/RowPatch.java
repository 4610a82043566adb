package io.millrace.transforms.warehouse;

import io.millrace.schemas.ChangeEvent;
import io.millrace.schemas.Key;
import io.millrace.schemas.Position;
import io.millrace.transforms.cdc.Deletes;
import java.util.List;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * What the changes of one row in a batch come to: the newest position, and for each value what it
 * is and the position that supplied it. Writing the patch leaves the row as writing the changes one
 * by one, in any order, would.
 */
final class RowPatch {
  private final List<ChangeEvent> events;
  private final Object[] keyValues;
  private final Position newestUpsert;
  private final @Nullable Object[] values;
  private final Position[] suppliers;
  private final Position tombstone;
  private final List<HistoryRow> history;
  private @Nullable Tip tip;

  /**
   * What a row of current values says of the version that it shows.
   *
   * @param validFrom microseconds since 1970
   * @param change see {@link HistoryColumns#TIP}
   */
  @SuppressWarnings("ArrayRecordComponent")
  record Tip(long validFrom, byte[] change) {}

  /**
   * What the changes of a row supply, the newest first. What is behind a hard delete counts no
   * more.
   */
  static final class Supplies {
    private final Deletes deletes;
    private final @Nullable Object[] values;
    private final Position[] suppliers;
    private int open;
    private Position newestUpsert = Position.NONE;
    private Position tombstone = Position.NONE;

    Supplies(int values, Deletes deletes) {
      this.deletes = deletes;
      this.values = new Object[values];
      this.suppliers = new Position[values];
      this.open = values;
    }

    /** Whether no older change can supply anything. */
    boolean isComplete() {
      return open == 0;
    }

    void delete(Position position) {
      if (deletes == Deletes.HARD && tombstone.equals(Position.NONE)) {
        tombstone = position;
        for (int i = 0; i < suppliers.length; i++) {
          suppliers[i] = suppliers[i] == null ? tombstone : suppliers[i];
        }
        open = 0;
      }
    }

    void upsert(Position position) {
      if (newestUpsert.equals(Position.NONE) && tombstone.equals(Position.NONE)) {
        newestUpsert = position;
      }
    }

    void value(int place, @Nullable Object value, Position supplier) {
      if (suppliers[place] == null) {
        suppliers[place] = supplier;
        values[place] = value;
        open--;
      }
    }

    void addOlder(HistoryRow change) {
      if (change.isDelete()) {
        delete(change.position());
        return;
      }
      upsert(change.position());
      for (int i = 0; i < values.length && open > 0; i++) {
        if (change.supplied()[i]) {
          value(i, change.value(i), change.position());
        }
      }
    }

    /**
     * What they come to.
     *
     * @param events the changes, newest first
     * @param history the changes one by one, oldest first; empty if no history is kept
     */
    RowPatch patch(List<ChangeEvent> events, Object[] keyValues, List<HistoryRow> history) {
      for (int i = 0; i < suppliers.length; i++) {
        suppliers[i] = suppliers[i] == null ? Position.NONE : suppliers[i];
      }
      return new RowPatch(events, keyValues, this, history);
    }
  }

  private RowPatch(
      List<ChangeEvent> events, Object[] keyValues, Supplies supplies, List<HistoryRow> history) {
    this.events = events;
    this.keyValues = keyValues;
    this.newestUpsert = supplies.newestUpsert;
    this.values = supplies.values;
    this.suppliers = supplies.suppliers;
    this.tombstone = supplies.tombstone;
    this.history = history;
  }

  List<ChangeEvent> events() {
    return events;
  }

  List<HistoryRow> history() {
    return history;
  }

  /** The version that the row shows if it is kept with the row; null if it is not. */
  @Nullable Tip tip() {
    return tip;
  }

  void keepWithRow(@Nullable Tip version) {
    tip = version;
  }

  private ChangeEvent newest() {
    return events.get(0);
  }

  Key key() {
    return newest().key();
  }

  /** The value of a key column, by its place in the key. */
  Object keyValue(int column) {
    return keyValues[column];
  }

  Position position() {
    return newest().position();
  }

  long committedAt() {
    return newest().committedAt();
  }

  long receivedAt() {
    return newest().receivedAt();
  }

  @Nullable Object value(int value) {
    return values[value];
  }

  Position tombstone() {
    return tombstone;
  }

  /** Whether the newest change is a delete. */
  boolean isDelete() {
    return !newestUpsert.equals(position());
  }

  /** Whether no change supplies any value. */
  boolean isEmpty() {
    return newestUpsert.equals(Position.NONE);
  }

  /** Whether the newest change supplies all values. */
  boolean isFull() {
    for (Position supplier : suppliers) {
      if (!supplier.equals(position())) {
        return false;
      }
    }
    return true;
  }

  /** Empties the values that were supplied at or before a position. */
  void emptyBefore(Position floor) {
    for (int i = 0; i < suppliers.length; i++) {
      if (floor.isAfter(suppliers[i])) {
        suppliers[i] = floor;
        values[i] = null;
      }
    }
  }

  /** The {@link SystemColumns#FILLED} JSON, or null where there is nothing to say. */
  @Nullable String filled(TargetTable table) {
    StringBuilder json = new StringBuilder();
    if (isDelete()) {
      json.append("{\"*\":\"").append(newestUpsert.toHex()).append('"');
    }
    for (int i = 0; i < suppliers.length; i++) {
      if (!suppliers[i].equals(newestUpsert)) {
        json.append(json.isEmpty() ? '{' : ',').append(table.filledName(i));
        json.append('"').append(suppliers[i].toHex()).append('"');
      }
    }
    return json.isEmpty() ? null : json.append('}').toString();
  }
}
