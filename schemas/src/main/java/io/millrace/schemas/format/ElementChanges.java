package io.millrace.schemas.format;

import io.millrace.schemas.ChangeEvent;
import io.millrace.schemas.Image;
import io.millrace.schemas.Key;
import io.millrace.schemas.Operation;
import io.millrace.schemas.RejectedRecordException;
import io.millrace.schemas.RejectedRecordException.Reason;
import io.millrace.schemas.UnknownColumns;
import io.millrace.schemas.contract.ColumnContract;
import io.millrace.schemas.contract.TableContract;
import io.millrace.schemas.image.ImageReader;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Makes the changes of a table whose rows are the elements of an array in its parent's rows: an
 * upsert of each element there is, and a delete of each that was there before and is not now. Each
 * event tells both by itself, so the order in which events come does not matter.
 */
final class ElementChanges extends RowChanges {
  private final TableChanges rows;
  private final ArrayElements elements;

  ElementChanges(
      TableContract child,
      TableContract parent,
      String sourceTable,
      boolean isMerged,
      UnknownColumns unknownColumns,
      @Nullable RowChanges next) {
    super(child, next);
    this.rows = new TableChanges(child, sourceTable, isMerged, unknownColumns, null);
    this.elements = new ArrayElements(child, parent);
  }

  @Override
  boolean isSnapshotWhole() {
    return rows.isSnapshotWhole();
  }

  @Override
  void emitOwn(
      ChangeEvent.Builder event,
      Operation operation,
      @Nullable Image before,
      @Nullable Image after,
      @Nullable ImageReader checkedBy,
      MessageKey messageKey,
      RecordReader.Output output) {
    if (operation == Operation.TRUNCATE) {
      rows.emitOwn(event, operation, null, null, null, messageKey, output);
      return;
    }
    List<Image> were = before == null ? null : elements.of(before, before);
    List<Image> are = after == null ? List.of() : elements.of(after, after);
    if (are == null && were != null) {
      are = elements.of(after, before);
    }
    if (are == null) {
      return;
    }
    if (were == null && (operation.isUpdate() || operation == Operation.DELETE)) {
      throw new RejectedRecordException(
          Reason.NO_KEY,
          "table "
              + contract().name()
              + " has the elements of an array, and the event of operation "
              + operation
              + " does not tell which there were before; have the source send whole rows before"
              + " (REPLICA IDENTITY FULL)");
    }
    emitElements(event, operation, were == null ? List.of() : were, are, output);
  }

  private void emitElements(
      ChangeEvent.Builder event,
      Operation operation,
      List<Image> were,
      List<Image> are,
      RecordReader.Output output) {
    Held held = new Held();
    // An element is whole, so its nulls are values even where those of updates are not.
    Operation upsert = operation == Operation.READ ? Operation.READ : Operation.INSERT;
    are.forEach(element -> rows.emitWhole(event, upsert, null, element, () -> null, held));
    Set<Key> now = new HashSet<>();
    for (ChangeEvent change : held.changes) {
      if (!now.add(change.key())) {
        throw new RejectedRecordException(
            Reason.BAD_VALUE,
            "two elements of an array have the same key in the table " + contract().name());
      }
    }
    Held gone = new Held();
    were.forEach(
        element -> rows.emit(event, Operation.DELETE, element, null, null, () -> null, gone));
    Set<Key> deleted = new HashSet<>();
    for (ChangeEvent delete : gone.changes) {
      if (!now.contains(delete.key()) && deleted.add(delete.key())) {
        output.change(delete);
      }
    }
    held.changes.forEach(output::change);
    output.unknownColumns(held.unknown);
  }

  /** Rows beside their keys do not tell what they were before, so only inserts can be told. */
  @Override
  void emitOwnKeyed(
      ChangeEvent.Builder event,
      Operation operation,
      @Nullable Image after,
      MessageKey givenKey,
      RecordReader.Output output) {
    emitOwn(event, operation, null, after, null, givenKey, output);
  }

  @Override
  void checkBeside(Image row, MessageKey messageKey) {}

  @Override
  Image complete(Image row) {
    return row;
  }

  @Override
  List<ColumnContract> columnsOfRow() {
    return List.of();
  }

  @Override
  @Nullable ImageReader lastReader() {
    return null;
  }

  /** Holds the changes of an array's elements until all of them are known. */
  private static final class Held implements RecordReader.Output {
    private final List<ChangeEvent> changes = new ArrayList<>();
    private int unknown;

    @Override
    public void change(ChangeEvent event) {
      changes.add(event);
    }

    @Override
    public void control(Control control) {
      throw new IllegalStateException("An element is no control record: " + control);
    }

    @Override
    public void unknownColumns(int count) {
      unknown += count;
    }
  }
}
