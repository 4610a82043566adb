package io.millrace.transforms.warehouse;

import io.millrace.schemas.Position;

/**
 * The end of all rows of a table that were there before it: a truncate.
 *
 * @param committedAt microseconds since 1970, or {@link io.millrace.schemas.ChangeEvent#NO_TIME}
 */
record RowsEnd(Position position, long committedAt) {}
