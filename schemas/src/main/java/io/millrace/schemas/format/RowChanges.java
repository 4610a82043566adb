package io.millrace.schemas.format;

import io.millrace.schemas.ChangeEvent;
import io.millrace.schemas.Image;
import io.millrace.schemas.Key;
import io.millrace.schemas.Operation;
import io.millrace.schemas.contract.ColumnContract;
import io.millrace.schemas.contract.TableContract;
import io.millrace.schemas.image.ImageReader;
import java.util.ArrayList;
import java.util.List;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Makes the change events of the rows of one of the source's tables, for each table of the contract
 * that takes them, one after the other.
 */
abstract class RowChanges {
  /** The key that came beside a row, looked at only where the row does not tell it. */
  interface MessageKey {
    /** The key's columns, or null if there are none to be read. */
    @Nullable Image image();
  }

  private final TableContract table;
  private final @Nullable RowChanges next;

  /**
   * Makes the changes of a table.
   *
   * @param next makes those of the next table that takes the same rows
   */
  RowChanges(TableContract table, @Nullable RowChanges next) {
    this.table = table;
    this.next = next;
  }

  /**
   * Completes an event and hands it on.
   *
   * @param event all but key, images and unchanged columns
   * @param checkedBy the reader that has checked {@code after} already and holds its columns
   * @param messageKey the key that came beside the row
   */
  final void emit(
      ChangeEvent.Builder event,
      Operation operation,
      @Nullable Image before,
      @Nullable Image after,
      @Nullable ImageReader checkedBy,
      MessageKey messageKey,
      RecordReader.Output output) {
    emitOwn(event, operation, before, after, checkedBy, messageKey, output);
    if (next != null) {
      next.emit(event, operation, before, after, checkedBy, messageKey, output);
    }
  }

  /**
   * Hands on what a snapshot tells of the table as a whole.
   *
   * @param event all but the key, with the position of the snapshot's rows
   */
  final void emitSnapshot(
      ChangeEvent.Builder event, Operation operation, RecordReader.Output output) {
    if (isSnapshotWhole()) {
      output.change(
          event.setTable(table.physicalName()).setOperation(operation).setKey(Key.NONE).build());
    }
    if (next != null) {
      next.emitSnapshot(event, operation, output);
    }
  }

  /** Does as {@link #emit} with a row that is whole: a column that it does not have is null. */
  final void emitWhole(
      ChangeEvent.Builder event,
      Operation operation,
      @Nullable Image before,
      Image after,
      MessageKey messageKey,
      RecordReader.Output output) {
    emitOwn(event, operation, before, complete(after), null, messageKey, output);
    if (next != null) {
      next.emitWhole(event, operation, before, after, messageKey, output);
    }
  }

  /**
   * Completes an event whose key stands beside the row and is what counts, and hands it on.
   *
   * @throws RejectedRecordException if the row has another key
   */
  final void emitKeyed(
      ChangeEvent.Builder event,
      Operation operation,
      @Nullable Image after,
      MessageKey givenKey,
      RecordReader.Output output) {
    if (table.withoutKey().isPresent()) {
      Image before = operation == Operation.DELETE ? givenKey.image() : null;
      emitOwn(event, operation, before, after, null, givenKey, output);
    } else {
      emitOwnKeyed(event, operation, after, givenKey, output);
    }
    if (next != null) {
      next.emitKeyed(event, operation, after, givenKey, output);
    }
  }

  /**
   * Completes an event of a row that stands beside its key, and hands it on. The row's own key
   * counts; the one beside it must agree if it has the key's columns, and stands in for it if the
   * row has none.
   *
   * @throws RejectedRecordException if the two differ, or there is no key
   */
  final void emitBeside(
      ChangeEvent.Builder event,
      @Nullable Image after,
      MessageKey messageKey,
      RecordReader.Output output) {
    if (after == null) {
      emitOwn(event, Operation.DELETE, null, null, null, messageKey, output);
    } else {
      checkBeside(after, messageKey);
      emitOwn(event, Operation.UPSERT, null, complete(after), null, messageKey, output);
    }
    if (next != null) {
      next.emitBeside(event, after, messageKey, output);
    }
  }

  /** Whether rows that a snapshot of the source's table does not have are none of this table's. */
  abstract boolean isSnapshotWhole();

  /** As {@link #emit}, for this table only. */
  abstract void emitOwn(
      ChangeEvent.Builder event,
      Operation operation,
      @Nullable Image before,
      @Nullable Image after,
      @Nullable ImageReader checkedBy,
      MessageKey messageKey,
      RecordReader.Output output);

  /** As {@link #emitKeyed}, for this table only, which has a key. */
  abstract void emitOwnKeyed(
      ChangeEvent.Builder event,
      Operation operation,
      @Nullable Image after,
      MessageKey givenKey,
      RecordReader.Output output);

  /**
   * Checks that the key beside a row is that of the row, if both have one.
   *
   * @throws io.millrace.schemas.RejectedRecordException if they differ
   */
  abstract void checkBeside(Image row, MessageKey messageKey);

  /** The row with nulls for the columns it does not have; those it marks as unchanged stay so. */
  abstract Image complete(Image row);

  /** The columns that the table takes from a row. */
  abstract List<ColumnContract> columnsOfRow();

  /** The reader of the last image, which the next is likely to need too; null if it is none. */
  abstract @Nullable ImageReader lastReader();

  /** The table whose changes these are. */
  final TableContract contract() {
    return table;
  }

  /** The table with the columns of all tables that take the same rows. */
  final TableContract withAllColumns() {
    List<ColumnContract> columns = new ArrayList<>();
    for (RowChanges each = this; each != null; each = each.next) {
      for (ColumnContract column : each.columnsOfRow()) {
        if (columns.stream().noneMatch(c -> c.physicalName().equals(column.physicalName()))) {
          columns.add(column);
        }
      }
    }
    return table.withColumns(columns);
  }
}
