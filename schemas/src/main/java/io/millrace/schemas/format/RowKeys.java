package io.millrace.schemas.format;

import io.millrace.schemas.Image;
import io.millrace.schemas.Key;
import io.millrace.schemas.Operation;
import io.millrace.schemas.RejectedRecordException;
import io.millrace.schemas.RejectedRecordException.Reason;
import io.millrace.schemas.contract.TableContract;
import io.millrace.schemas.image.Columns;
import io.millrace.schemas.image.KeyCodec;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Finds the keys of a table's rows, in the rows or beside them. */
final class RowKeys {
  private final KeyCodec keys;
  private final ImageReaders readers;

  RowKeys(TableContract table, ImageReaders readers) {
    this.keys = new KeyCodec(table);
    this.readers = readers;
  }

  /** The key in a row, or null if the row does not have all of it. */
  @Nullable Key inRow(@Nullable Image image) {
    if (image == null) {
      return null;
    }
    Columns columns = readers.of(image).readWanted(image);
    return keys.hasKey(columns) ? keys.encode(columns) : null;
  }

  /** The key that came beside the row, or else the complaint that the row has none. */
  private Key keyBeside(RowChanges.MessageKey messageKey, Columns row) {
    Image image = messageKey.image();
    return keys.encode(image == null ? row : readers.of(image).readWanted(image));
  }

  /**
   * The key that came beside a row.
   *
   * @throws RejectedRecordException if there is none
   */
  Key required(RowChanges.MessageKey messageKey, Operation operation) {
    Image image = messageKey.image();
    if (image == null) {
      throw new RejectedRecordException(
          Reason.NO_KEY, "the event of operation " + operation + " has no key");
    }
    return keys.encode(readers.of(image).readWanted(image));
  }

  /** The key of a row's columns, or else the one that came beside the row. */
  Key of(Columns row, RowChanges.MessageKey messageKey) {
    return keys.hasKey(row) ? keys.encode(row) : keyBeside(messageKey, row);
  }

  /**
   * Checks that the key beside a row is that of the row, if both have one.
   *
   * @throws RejectedRecordException if they differ
   */
  void checkBeside(Image row, RowChanges.MessageKey messageKey) {
    Key rowKey = inRow(row);
    Key besideKey = rowKey == null ? null : readableKey(messageKey);
    if (besideKey != null && !besideKey.equals(rowKey)) {
      throw new RejectedRecordException(
          Reason.BAD_VALUE, "the message's key and the key's columns in the row differ");
    }
  }

  /** The key beside a row that has its own: null also where it cannot be read. */
  private @Nullable Key readableKey(RowChanges.MessageKey messageKey) {
    try {
      return inRow(messageKey.image());
    } catch (RejectedRecordException e) {
      return null;
    }
  }
}
