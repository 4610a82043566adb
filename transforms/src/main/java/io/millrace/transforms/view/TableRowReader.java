package io.millrace.transforms.view;

import io.millrace.schemas.Image;
import io.millrace.schemas.ImageEncoding;
import io.millrace.schemas.Position;
import io.millrace.schemas.UnknownColumns;
import io.millrace.schemas.image.Columns;
import io.millrace.schemas.image.ImageReader;
import io.millrace.transforms.cdc.RowState;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.values.Row;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Makes the rows of a table of its changes. */
final class TableRowReader {
  /** Schemas change seldom; this only bounds what a stream of ever new ones could take. */
  private static final int MOST_READERS = 1_000;

  private final ViewTable table;
  private final Map<ImageEncoding, ImageReader> readers = new HashMap<>();

  TableRowReader(ViewTable table) {
    this.table = table;
  }

  /**
   * The row after a change that was accepted: each column has the value of the newest change that
   * supplies it. A delete supplies null for all of them.
   *
   * @param image of the row in the change; null for a delete
   * @param position of the change
   * @param state of the row, the change included
   * @param before the row before, null if there was none
   * @return null if there is none
   */
  byte @Nullable [] read(
      @Nullable Image image, Position position, RowState state, byte @Nullable [] before) {
    boolean isNewest = state.position().equals(position);
    if (image == null && (isNewest || before == null)) {
      return null;
    }
    Columns columns = image == null ? null : reader(image.encoding()).readWanted(image);
    List<Integer> kept = table.columns();
    Row old = before == null ? null : table.decode(before, 0, before.length);
    @Nullable Object[] values = new Object[kept.size()];
    for (int i = 0; i < values.length; i++) {
      boolean supplies =
          (isNewest && columns != null)
              ? columns.isSupplied(kept.get(i))
              : fills(i, state, position);
      if (supplies) {
        values[i] = columns == null ? null : columns.value(kept.get(i));
      } else {
        values[i] = old == null ? null : old.getValue(i);
      }
    }
    return table.encode(values);
  }

  /** Whether an older change supplies a column that newer ones left as it was. */
  private boolean fills(int place, RowState state, Position position) {
    return position.equals(state.open().get(table.column(place).physicalName()));
  }

  private ImageReader reader(ImageEncoding encoding) {
    if (readers.size() >= MOST_READERS) {
      readers.clear();
    }
    return readers.computeIfAbsent(
        encoding,
        key -> new ImageReader(table.table(), key, UnknownColumns.IGNORE, table.columns()));
  }
}
