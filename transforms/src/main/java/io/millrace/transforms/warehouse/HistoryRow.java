package io.millrace.transforms.warehouse;

import io.millrace.schemas.ChangeEvent;
import io.millrace.schemas.Operation;
import io.millrace.schemas.Position;
import java.util.Arrays;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * One change of one row as the table of all changes takes it in.
 *
 * @param operation {@link #UPSERT}, {@link #READ}, {@link #DELETE} or {@link #SNAPSHOT}
 * @param values null where the change does not supply them
 * @param supplied which values the change supplies; none for a delete
 * @param digest see {@link TrackedDigest}; null for a delete, and where a value is not supplied
 * @param committedAt microseconds since 1970, or {@link ChangeEvent#NO_TIME}
 * @param receivedAt as {@code committedAt}
 */
@SuppressWarnings("ArrayRecordComponent")
record HistoryRow(
    String operation,
    Position position,
    Object[] keyValues,
    @Nullable Object[] values,
    boolean[] supplied,
    byte @Nullable [] digest,
    long committedAt,
    long receivedAt) {
  static final String UPSERT = "U";

  /** A row as a snapshot of its table saw it. */
  static final String READ = "R";

  static final String DELETE = "D";

  /** The row was there before a snapshot; it ends unless the snapshot has read it. */
  static final String SNAPSHOT = "S";

  static HistoryRow of(
      ChangeEvent event,
      Object[] keyValues,
      @Nullable Object[] values,
      boolean[] supplied,
      byte @Nullable [] digest) {
    String operation =
        event.operation() == Operation.DELETE
            ? DELETE
            : event.operation() == Operation.READ ? READ : UPSERT;
    return new HistoryRow(
        operation,
        event.position(),
        keyValues,
        values,
        supplied,
        digest,
        event.committedAt(),
        event.receivedAt());
  }

  /** The end that this row comes to. */
  HistoryRow endedBy(RowsEnd end) {
    return new HistoryRow(
        end.isSnapshot() ? SNAPSHOT : DELETE,
        end.position(),
        keyValues,
        new Object[values.length],
        new boolean[values.length],
        null,
        end.committedAt(),
        ChangeEvent.NO_TIME);
  }

  /** What the row of current values holds of this change. */
  RowPatch.Tip tip(StoredChange.State state) {
    byte[] change = new byte[1 + digest.length];
    change[0] = (byte) operation.charAt(0);
    System.arraycopy(digest, 0, change, 1, digest.length);
    return new RowPatch.Tip(state.validFrom(), change);
  }

  static boolean isUpsert(String operation) {
    return operation.equals(UPSERT) || operation.equals(READ);
  }

  /** Whether the other is a change of the same row, of one batch. */
  boolean isOfSameRow(HistoryRow other) {
    return keyValues == other.keyValues;
  }

  Object keyValue(int column) {
    return keyValues[column];
  }

  @Nullable Object value(int value) {
    return values[value];
  }

  boolean isDelete() {
    return operation.equals(DELETE);
  }

  /** Whether what the change makes of the row does not depend on the changes before it. */
  boolean isWhole() {
    return digest != null || isDelete();
  }

  /** The columns that an upsert leaves unchanged, as an array of PostgreSQL; null for none. */
  @Nullable String unchanged(TargetTable table) {
    if (isDelete() || operation.equals(SNAPSHOT)) {
      return null;
    }
    StringBuilder array = new StringBuilder();
    for (int i = 0; i < supplied.length; i++) {
      if (!supplied[i]) {
        array.append(array.isEmpty() ? '{' : ',').append(table.arrayElement(i));
      }
    }
    return array.isEmpty() ? null : array.append('}').toString();
  }

  @Override
  public String toString() {
    return operation + " at " + position + ", supplied " + Arrays.toString(supplied);
  }
}
