package io.millrace.transforms.warehouse;

import io.millrace.schemas.ChangeEvent;
import io.millrace.schemas.Key;
import io.millrace.schemas.Position;
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

  /**
   * @param events the changes, newest first
   * @param newestUpsert the position of the newest change that is not a delete, or {@link
   *     Position#NONE}
   * @param suppliers the position that supplied each value, {@link Position#NONE} where none did
   * @param tombstone the position of the newest hard delete, or {@link Position#NONE}
   * @param history the changes one by one, oldest first; empty if no history is kept
   */
  RowPatch(
      List<ChangeEvent> events,
      Object[] keyValues,
      Position newestUpsert,
      @Nullable Object[] values,
      Position[] suppliers,
      Position tombstone,
      List<HistoryRow> history) {
    this.events = events;
    this.keyValues = keyValues;
    this.newestUpsert = newestUpsert;
    this.values = values;
    this.suppliers = suppliers;
    this.tombstone = tombstone;
    this.history = history;
  }

  List<ChangeEvent> events() {
    return events;
  }

  List<HistoryRow> history() {
    return history;
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
