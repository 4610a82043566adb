package io.millrace.transforms.cdc;

import io.millrace.schemas.Operation;
import io.millrace.schemas.Position;
import io.millrace.schemas.wire.ByteReader;
import io.millrace.schemas.wire.ByteWriter;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What is remembered of one row: the position of its newest change and, for each column that this
 * change left unchanged, the position of the change that supplied its value. A column's value is
 * that of the newest change that supplies it, so an older change that arrives later is wanted as
 * long as it supplies a column for which nothing newer is known.
 *
 * <p>A soft delete supplies no column and a hard one all of them (as null). {@value #ALL_OTHERS}
 * stands for the columns that are not named.
 *
 * <p>Format: the position with its length; the number of open columns, and for each its name and
 * position, both with their lengths.
 */
public final class RowState {
  /** Stands for every column that has no entry of its own. */
  static final String ALL_OTHERS = "*";

  private Position position;
  private SortedMap<String, Position> open;

  private RowState(Position position, SortedMap<String, Position> open) {
    this.position = position;
    this.open = open;
  }

  /** The state of a row of which nothing was known before this change. */
  public static RowState first(
      Operation operation, List<String> unchanged, Position position, Deletes deletes) {
    RowState state = new RowState(Position.NONE, new TreeMap<>());
    state.supersede(operation, unchanged, position, deletes);
    return state;
  }

  /** Takes in a change, and says what becomes of it. */
  public Outcome offer(
      Operation operation, List<String> unchanged, Position offered, Deletes deletes) {
    int order = offered.compareTo(position);
    if (order == 0) {
      return Outcome.DUPLICATE;
    }
    if (order > 0) {
      supersede(operation, unchanged, offered, deletes);
      return Outcome.ACCEPTED;
    }
    boolean supplies = operation.isUpsert() || deletes == Deletes.HARD;
    return supplies && fill(unchanged, offered) ? Outcome.ACCEPTED : Outcome.SUPERSEDED;
  }

  private void supersede(
      Operation operation, List<String> unchanged, Position newer, Deletes deletes) {
    SortedMap<String, Position> remaining = new TreeMap<>();
    if (operation.isUpsert()) {
      for (String column : unchanged) {
        remaining.put(column, supplierOf(column));
      }
    } else if (deletes == Deletes.SOFT) {
      remaining.putAll(open);
      remaining.putIfAbsent(ALL_OTHERS, position);
    }
    position = newer;
    open = remaining;
  }

  private Position supplierOf(String column) {
    Position own = open.get(column);
    return own != null ? own : open.getOrDefault(ALL_OTHERS, position);
  }

  /** Lets an older change supply what is open; false if nothing was. */
  private boolean fill(List<String> unchanged, Position older) {
    boolean filled = false;
    Position others = open.get(ALL_OTHERS);
    if (others != null && older.isAfter(others)) {
      for (String column : unchanged) {
        open.putIfAbsent(column, others);
      }
    }
    for (Map.Entry<String, Position> column : open.entrySet()) {
      if (older.isAfter(column.getValue()) && !unchanged.contains(column.getKey())) {
        column.setValue(older);
        filled = true;
      }
    }
    return filled;
  }

  /** Writes it as it is kept. */
  public void encode(ByteWriter out) {
    out.writeBytes(position.bytes());
    out.writeVarint(open.size());
    open.forEach(
        (column, supplier) -> {
          out.writeText(column);
          out.writeBytes(supplier.bytes());
        });
  }

  /** Reads what {@link #encode} wrote. */
  public static RowState decode(ByteReader in) {
    Position position = Position.of(in.readBytes());
    SortedMap<String, Position> open = new TreeMap<>();
    int count = in.readLength();
    for (int i = 0; i < count; i++) {
      String column = in.readText();
      open.put(column, Position.of(in.readBytes()));
    }
    return new RowState(position, open);
  }

  /** The position of the row's newest change. */
  public Position position() {
    return position;
  }

  /** The columns that the newest change left open, and which change supplied each. */
  public Map<String, Position> open() {
    return open;
  }
}
