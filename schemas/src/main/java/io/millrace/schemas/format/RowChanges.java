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
import io.millrace.schemas.image.KeyCodec;
import java.util.ArrayList;
import java.util.List;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Makes the change events of one table: finds the key, names the unchanged columns, checks every
 * value against the contract, and splits a change of the key into a delete and an upsert.
 */
final class RowChanges {
  /** The key that came beside a row, looked at only where the row does not tell it. */
  interface MessageKey {
    /** The key's columns, or null if there are none to be read. */
    @Nullable Image image();
  }

  private final TableContract table;
  private final boolean ignoresNulls;
  private final KeyCodec keys;
  private final ImageReaders readers;
  private final @Nullable DerivedColumns derived;
  private final boolean isMerged;
  private final @Nullable RowChanges next;

  /**
   * Makes the changes of a table.
   *
   * @param sourceTable the table as the source names it
   * @param isMerged whether other tables of the source go to this one, too
   * @param next makes the changes of the next table that takes the same rows
   */
  RowChanges(
      TableContract table,
      String sourceTable,
      boolean isMerged,
      UnknownColumns unknownColumns,
      @Nullable RowChanges next) {
    this.table = table;
    this.ignoresNulls = table.ignoresNullUpdates();
    this.isMerged = isMerged;
    this.keys = new KeyCodec(table);
    this.readers = new ImageReaders(table, unknownColumns);
    this.derived = DerivedColumns.of(table, sourceTable);
    this.next = next;
  }

  /**
   * Completes an event and hands it on.
   *
   * @param event all but key, images and unchanged columns
   * @param checkedBy the reader that has checked {@code after} already and holds its columns
   * @param messageKey the key that came beside the row
   */
  void emit(
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

  /** Does as {@link #emit} with a row that is whole: a column that it does not have is null. */
  void emitWhole(
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

  private void emitOwn(
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
    emitRow(
        event,
        operation,
        derived.rowBefore(before),
        derived.row(after, before, messageKey),
        null,
        derived.key(messageKey, after, before),
        output);
  }

  private void emitRow(
      ChangeEvent.Builder event,
      Operation operation,
      @Nullable Image before,
      @Nullable Image after,
      @Nullable ImageReader checkedBy,
      MessageKey messageKey,
      RecordReader.Output output) {
    event.setTable(table.physicalName());
    event.setOperation(operation);
    if (operation == Operation.TRUNCATE) {
      if (isMerged) {
        throw new RejectedRecordException(
            Reason.UNKNOWN_OPERATION,
            "a truncate of one of the tables that are routed to "
                + table.name()
                + " would take away the rows of the others, too; delete its rows at the source");
      }
      output.change(event.setKey(Key.NONE).build());
      return;
    }
    if (operation == Operation.DELETE) {
      Key oldKey = keyOrNull(before);
      Key key = oldKey == null ? requiredKey(messageKey, operation) : oldKey;
      output.change(event.setKey(key).setBefore(before).build());
      return;
    }
    if (after == null) {
      throw new RejectedRecordException(
          Reason.MALFORMED, "an event of operation " + operation + " has no row ('after')");
    }
    ImageReader reader = reader(after);
    Columns columns = reader.equals(checkedBy) ? reader.columns() : reader.check(after);
    if (ignoresNulls && operation.isUpdate()) {
      columns.forgetNulls();
    }
    event.setUnchanged(columns.unchanged());
    output.unknownColumns(columns.unknown());
    Key key = keys.hasKey(columns) ? keys.encode(columns) : keyBeside(messageKey, columns);
    // The columns are gone now: the reader is the same.
    Key oldKey = keyOrNull(before);
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

  /**
   * Completes an event whose key stands beside the row and is what counts, and hands it on.
   *
   * @throws RejectedRecordException if the row has another key
   */
  void emitKeyed(
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
      Key required = requiredKey(key, operation);
      Key rowKey = keyOrNull(row);
      if (rowKey != null && !rowKey.equals(required)) {
        throw new RejectedRecordException(
            Reason.BAD_VALUE, "'key' and the key's columns in 'after' differ");
      }
    }
    emitRow(event, operation, null, row, null, key, output);
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
  void emitBeside(
      ChangeEvent.Builder event,
      @Nullable Image after,
      MessageKey messageKey,
      RecordReader.Output output) {
    if (after == null) {
      emitOwn(event, Operation.DELETE, null, null, null, messageKey, output);
    } else {
      checkKeyBeside(after, messageKey);
      emitOwn(event, Operation.UPSERT, null, complete(after), null, messageKey, output);
    }
    if (next != null) {
      next.emitBeside(event, after, messageKey, output);
    }
  }

  private void checkKeyBeside(Image row, MessageKey messageKey) {
    Key rowKey = keyOrNull(row);
    Key besideKey = rowKey == null ? null : readableKey(messageKey);
    if (besideKey != null && !besideKey.equals(rowKey)) {
      throw new RejectedRecordException(
          Reason.BAD_VALUE, "the message's key and the key's columns in the row differ");
    }
  }

  /** The key beside a row that has its own: null also where it cannot be read. */
  private @Nullable Key readableKey(MessageKey messageKey) {
    try {
      return keyOrNull(messageKey.image());
    } catch (RejectedRecordException e) {
      return null;
    }
  }

  /** The row with nulls for the columns it does not have; those it marks as unchanged stay so. */
  private Image complete(Image row) {
    List<String> absent = reader(row).check(row).unchanged();
    if (derived != null) {
      absent = absent.stream().filter(name -> !derived.has(name)).toList();
    }
    return absent.isEmpty() ? row : RowImages.withNulls(row, absent);
  }

  private @Nullable Key keyOrNull(@Nullable Image image) {
    if (image == null) {
      return null;
    }
    Columns columns = reader(image).readKey(image);
    return keys.hasKey(columns) ? keys.encode(columns) : null;
  }

  /** The key that came beside the row, or else the complaint that the row has none. */
  private Key keyBeside(MessageKey messageKey, Columns row) {
    Image image = messageKey.image();
    return keys.encode(image == null ? row : reader(image).readKey(image));
  }

  private Key requiredKey(MessageKey messageKey, Operation operation) {
    Image image = messageKey.image();
    if (image == null) {
      throw new RejectedRecordException(
          Reason.NO_KEY, "the event of operation " + operation + " has no key");
    }
    return keys.encode(reader(image).readKey(image));
  }

  /** The table whose changes these are. */
  TableContract contract() {
    return table;
  }

  /** The table with the columns of all tables that take the same rows. */
  TableContract withAllColumns() {
    List<ColumnContract> columns = new ArrayList<>(table.columns());
    for (RowChanges other = next; other != null; other = other.next) {
      for (ColumnContract column : other.table.columns()) {
        if (columns.stream().noneMatch(c -> c.physicalName().equals(column.physicalName()))) {
          columns.add(column);
        }
      }
    }
    return table.withColumns(columns);
  }

  /** The reader of the last image, which the next is likely to need too; null if it is none. */
  @Nullable ImageReader lastReader() {
    return derived == null ? readers.last() : null;
  }

  private ImageReader reader(Image image) {
    return readers.of(image);
  }
}
