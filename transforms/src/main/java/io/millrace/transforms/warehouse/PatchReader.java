package io.millrace.transforms.warehouse;

import io.millrace.schemas.ChangeEvent;
import io.millrace.schemas.Image;
import io.millrace.schemas.ImageEncoding;
import io.millrace.schemas.Operation;
import io.millrace.schemas.RejectedRecordException;
import io.millrace.schemas.RejectedRecordException.Reason;
import io.millrace.schemas.UnknownColumns;
import io.millrace.schemas.image.Columns;
import io.millrace.schemas.image.ImageReader;
import io.millrace.schemas.image.KeyCodec;
import io.millrace.transforms.cdc.Deletes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Reads the changes of one table into {@link RowPatch patches}: one for each row, decoding from the
 * newest change on no more than it takes to know every column, unless a history is kept.
 */
final class PatchReader {
  private static final int MOST_READERS = 1_000;
  private static final Comparator<ChangeEvent> BY_KEY_NEWEST_FIRST =
      (one, other) -> {
        int order = Arrays.compareUnsigned(one.key().bytes(), other.key().bytes());
        return order != 0 ? order : other.position().compareTo(one.position());
      };

  private final TargetTable table;
  private final Deletes deletes;
  private final UnknownColumns unknownColumns;
  private final boolean keepsHistory;
  private final TrackedDigest digest;
  private final KeyCodec keys;
  private final Map<ImageEncoding, ImageReader> readers = new HashMap<>();

  PatchReader(TargetTable table, Warehouse warehouse) {
    this.table = table;
    this.deletes = warehouse.deletes();
    this.unknownColumns = table.contract().unknownColumns(warehouse.unknownColumns());
    this.keepsHistory = warehouse.history();
    this.digest = new TrackedDigest(table);
    this.keys = new KeyCodec(table.contract());
  }

  /**
   * The patches of a batch, in the order of their keys' bytes.
   *
   * @param events changes of rows, in any order; sorted on return
   * @param refused is told the changes that cannot be read
   */
  List<RowPatch> read(List<ChangeEvent> events, Consumer<RefusedChange> refused) {
    events.sort(BY_KEY_NEWEST_FIRST);
    List<RowPatch> patches = new ArrayList<>();
    int next;
    for (int from = 0; from < events.size(); from = next) {
      next = from + 1;
      while (next < events.size() && events.get(next).key().equals(events.get(from).key())) {
        next++;
      }
      readRow(events.subList(from, next), refused, patches);
    }
    return patches;
  }

  private void readRow(
      List<ChangeEvent> events, Consumer<RefusedChange> refused, List<RowPatch> patches) {
    List<ChangeEvent> readable = events;
    while (!readable.isEmpty()) {
      ChangeEvent[] reading = {readable.get(0)};
      try {
        patches.add(patch(readable, reading));
        return;
      } catch (RejectedRecordException e) {
        refused.accept(new RefusedChange(reading[0], e.reason(), e.getMessage()));
      } catch (IllegalStateException e) {
        refused.accept(
            new RefusedChange(reading[0], Reason.MALFORMED, "the change is damaged: its key"));
      }
      readable = new ArrayList<>(readable);
      readable.remove(reading[0]);
    }
  }

  /**
   * @param newestFirst changes of one row
   * @param reading is told which change is being read
   */
  private RowPatch patch(List<ChangeEvent> newestFirst, ChangeEvent[] reading) {
    Object[] keyValues = keys.decode(newestFirst.get(0).key());
    RowPatch.Supplies supplies = new RowPatch.Supplies(table.valueNames().size(), deletes);
    List<HistoryRow> history = List.of();
    if (keepsHistory) {
      history = history(newestFirst, keyValues, reading);
      for (int i = history.size() - 1; i >= 0; i--) {
        supplies.addOlder(history.get(i));
      }
    } else {
      for (ChangeEvent event : newestFirst) {
        reading[0] = event;
        if (event.operation() == Operation.DELETE) {
          supplies.delete(event.position());
        } else {
          supply(event, supplies);
        }
      }
    }
    return supplies.patch(newestFirst, keyValues, history);
  }

  /** The changes one by one, in the order of their positions, each once. */
  private List<HistoryRow> history(
      List<ChangeEvent> newestFirst, Object[] keyValues, ChangeEvent[] reading) {
    List<HistoryRow> history = new ArrayList<>(newestFirst.size());
    for (int i = newestFirst.size() - 1; i >= 0; i--) {
      ChangeEvent event = newestFirst.get(i);
      reading[0] = event;
      if (i == newestFirst.size() - 1
          || !event.position().equals(newestFirst.get(i + 1).position())) {
        history.add(historyRow(event, keyValues));
      }
    }
    return history;
  }

  private HistoryRow historyRow(ChangeEvent event, Object[] keyValues) {
    int extra = table.valueNames().size() - 1;
    Object[] values = new Object[extra + 1];
    boolean[] supplied = new boolean[extra + 1];
    boolean isWhole = event.operation() != Operation.DELETE;
    if (event.operation() != Operation.DELETE) {
      Columns columns = columns(event);
      for (int i = 0; i < extra; i++) {
        int column = table.valueIndexes().get(i);
        supplied[i] = columns.isSupplied(column);
        isWhole &= supplied[i];
        values[i] = columns.value(column);
      }
      supplied[extra] = true;
      values[extra] = columns.extra();
    }
    return HistoryRow.of(event, keyValues, values, supplied, isWhole ? digest.of(values) : null);
  }

  private Columns columns(ChangeEvent event) {
    Image image = event.after();
    if (image == null) {
      throw new RejectedRecordException(Reason.MALFORMED, "the change has no row");
    }
    Columns columns = reader(image.encoding()).read(image);
    if (table.contract().ignoresNullUpdates() && event.operation().isUpdate()) {
      columns.forgetNulls();
    }
    return columns;
  }

  private void supply(ChangeEvent event, RowPatch.Supplies supplies) {
    supplies.upsert(event.position());
    if (supplies.isComplete()) {
      return;
    }
    Columns columns = columns(event);
    int extra = table.valueNames().size() - 1;
    for (int i = 0; i < extra; i++) {
      int column = table.valueIndexes().get(i);
      if (columns.isSupplied(column)) {
        supplies.value(i, columns.value(column), event.position());
      }
    }
    supplies.value(extra, columns.extra(), event.position());
  }

  private ImageReader reader(ImageEncoding encoding) {
    if (readers.size() > MOST_READERS) {
      readers.clear();
    }
    return readers.computeIfAbsent(
        encoding, key -> new ImageReader(table.contract(), key, unknownColumns));
  }
}
