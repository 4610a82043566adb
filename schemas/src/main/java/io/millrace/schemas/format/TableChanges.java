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
import io.millrace.schemas.image.Columns;
import io.millrace.schemas.image.ImageReader;
import java.util.List;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Makes the change events of one table: finds the key, names the unchanged columns, checks every
 * value against the contract, and splits a change of the key into a delete and an upsert.
 */
final class TableChanges extends RowChanges {
  private final RowKeys keys;
  private final boolean ignoresNulls;
  private final ImageReaders readers;
  private final @Nullable RequiredColumns required;
  private final @Nullable DerivedColumns derived;
  private final boolean isMerged;

  /**
   * Makes the changes of a table.
   *
   * @param sourceTable the table as the source names it
   * @param isMerged whether other tables of the source go to this one, too
   * @param next makes the changes of the next table that takes the same rows
   */
  TableChanges(
      TableContract table,
      String sourceTable,
      boolean isMerged,
      UnknownColumns unknownColumns,
      @Nullable RowChanges next) {
    super(table, next);
    this.ignoresNulls = table.ignoresNullUpdates() && table.withoutKey().isEmpty();
    this.isMerged = isMerged;
    this.readers = new ImageReaders(table, table.unknownColumns(unknownColumns));
    this.keys = new RowKeys(table, readers);
    this.required = RequiredColumns.of(table);
    this.derived = DerivedColumns.of(table, sourceTable);
  }

  /** Not where other tables' rows are, too, or every change is a row. */
  @Override
  boolean isSnapshotWhole() {
    return !isMerged && !isAppended();
  }

  private boolean isAppended() {
    RowIdentity identity = derived == null ? null : derived.identity();
    return identity != null && identity.isAppended();
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
    if (derived == null) {
      emitRow(event, operation, before, after, checkedBy, messageKey, output);
      return;
    }
    derived.begin(event, operation);
    RowIdentity identity = derived.identity();
    if (isAppended()) {
      append(event, operation, before, after, messageKey, output);
      return;
    }
    Image row = identity == null ? after : identity.whole(operation, after, before);
    emitRow(
        event,
        operation,
        derived.rowBefore(before),
        derived.row(row, before, messageKey),
        null,
        derived.key(messageKey, after, before),
        output);
  }

  /** Makes a row of a change of its own; a delete is one if a column tells operations. */
  private void append(
      ChangeEvent.Builder event,
      Operation operation,
      @Nullable Image before,
      @Nullable Image after,
      MessageKey messageKey,
      RecordReader.Output output) {
    boolean isDelete = operation == Operation.DELETE;
    if (operation == Operation.TRUNCATE || (isDelete && !derived.tellsOperations())) {
      output.control(Control.NOT_APPENDED);
      return;
    }
    Image row = !isDelete ? after : before == null ? messageKey.image() : before;
    Image whole = derived.row(row, null, messageKey);
    if (required != null && !isDelete && whole != null) {
      required.check(readers.of(whole).check(whole), whole, operation);
    }
    emitRow(event, Operation.INSERT, null, whole, null, messageKey, output);
  }

  private void emitRow(
      ChangeEvent.Builder event,
      Operation operation,
      @Nullable Image before,
      @Nullable Image after,
      @Nullable ImageReader checkedBy,
      MessageKey messageKey,
      RecordReader.Output output) {
    event.setTable(contract().physicalName());
    event.setOperation(operation);
    if (operation == Operation.TRUNCATE) {
      if (isMerged) {
        throw new RejectedRecordException(
            Reason.UNKNOWN_OPERATION,
            "a truncate of one of the tables that are routed to "
                + contract().name()
                + " would take away the rows of the others, too; delete its rows at the source");
      }
      output.change(
          event.setKey(Key.NONE).setBefore(null).setAfter(null).setUnchanged(List.of()).build());
      return;
    }
    if (operation == Operation.DELETE) {
      Key oldKey = keys.inRow(before);
      Key key = oldKey == null ? keys.required(messageKey, operation) : oldKey;
      output.change(
          event.setKey(key).setBefore(before).setAfter(null).setUnchanged(List.of()).build());
      return;
    }
    if (after == null) {
      throw new RejectedRecordException(
          Reason.MALFORMED, "an event of operation " + operation + " has no row ('after')");
    }
    ImageReader reader = readers.of(after);
    Columns columns = reader.equals(checkedBy) ? reader.columns() : reader.check(after);
    if (ignoresNulls && operation.isUpdate()) {
      columns.forgetNulls();
    }
    if (required != null && !isAppended()) {
      required.check(columns, after, operation);
    }
    event.setUnchanged(columns.unchanged());
    output.unknownColumns(columns.unknown());
    Key key = keys.of(columns, messageKey);
    // The columns are gone now: the reader is the same.
    Key oldKey = keys.inRow(before);
    if (oldKey != null && !oldKey.equals(key)) {
      ChangeEvent upsert = event.setKey(key).setBefore(before).setAfter(after).build();
      output.change(
          upsert.toBuilder()
              .setOperation(Operation.DELETE)
              .setKey(oldKey)
              .setAfter(null)
              .setUnchanged(List.of())
              .build());
      output.change(upsert);
      return;
    }
    output.change(event.setKey(key).setBefore(before).setAfter(after).build());
  }

  @Override
  void emitOwnKeyed(
      ChangeEvent.Builder event,
      Operation operation,
      @Nullable Image after,
      MessageKey givenKey,
      RecordReader.Output output) {
    Image row = after;
    MessageKey key = givenKey;
    if (derived != null) {
      derived.begin(event, operation);
      row = derived.row(after, null, givenKey);
      key = derived.key(givenKey, after, null);
    }
    if (operation.isUpsert() && row != null) {
      Key required = keys.required(key, operation);
      Key rowKey = keys.inRow(row);
      if (rowKey != null && !rowKey.equals(required)) {
        throw new RejectedRecordException(
            Reason.BAD_VALUE, "'key' and the key's columns in 'after' differ");
      }
    }
    emitRow(event, operation, null, row, null, key, output);
  }

  @Override
  void checkBeside(Image row, MessageKey messageKey) {
    keys.checkBeside(row, messageKey);
  }

  @Override
  Image complete(Image row) {
    List<String> absent = readers.of(row).check(row).unchanged();
    if (derived != null) {
      absent = absent.stream().filter(name -> !derived.has(name)).toList();
    }
    return absent.isEmpty() ? row : RowImages.withNulls(row, absent);
  }

  @Override
  List<ColumnContract> columnsOfRow() {
    return contract().columns();
  }

  @Override
  @Nullable ImageReader lastReader() {
    return derived == null ? readers.last() : null;
  }
}
