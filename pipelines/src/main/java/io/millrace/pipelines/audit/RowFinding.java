package io.millrace.pipelines.audit;

import java.util.List;

/**
 * A row that is not the same on both sides.
 *
 * @param columns of a changed row, those that differ
 */
record RowFinding(RowKey key, What what, List<ColumnDifference> columns) {
  /** What a row can be, in the order of the report. */
  enum What {
    /** The first side has it, the second has not. */
    MISSING,
    /** The second side has it, the first has not. */
    SURPLUS,
    /** Both have it, with other values. */
    CHANGED,
    /** It changed all the while it was looked at. */
    RESTLESS
  }
}
