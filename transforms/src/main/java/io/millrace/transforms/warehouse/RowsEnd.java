package io.millrace.transforms.warehouse;

import io.millrace.schemas.ChangeEvent;
import io.millrace.schemas.Operation;
import io.millrace.schemas.Position;

/**
 * The end of rows of a table that were there before it: all at a truncate, or those that a snapshot
 * did not contain.
 *
 * @param committedAt microseconds since 1970, or {@link ChangeEvent#NO_TIME}
 */
record RowsEnd(Position position, long committedAt, boolean isSnapshot) {
  static RowsEnd of(ChangeEvent event) {
    return new RowsEnd(
        event.position(), event.committedAt(), event.operation() == Operation.SNAPSHOT_END);
  }
}
