package io.millrace.transforms.warehouse;

import java.util.List;

/**
 * What became of a batch: every change wrote its row, was refused, or was needless because a newer
 * one of its row is in the batch or the table (or because it is there itself).
 *
 * @param events how many changes there were
 * @param rows how many rows they changed
 * @param refused those that cannot be written
 */
record BatchResult(long events, WriteCounts rows, List<RefusedChange> refused) {
  /** How many changes wrote no row because newer ones make them needless. */
  long superseded() {
    return Math.max(0, events - refused.size() - rows.upserted() - rows.deleted());
  }
}
