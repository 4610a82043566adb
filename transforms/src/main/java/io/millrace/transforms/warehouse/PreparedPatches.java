package io.millrace.transforms.warehouse;

import java.util.List;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Patches of one table, with all done that needs no database.
 *
 * @param patches all of them, in the order of their keys
 * @param full those that supply all values
 * @param arrays the values of {@code full}, or null if that is empty
 * @param partial those that supply some
 * @param deletes those that end with a delete, and supply some
 * @param bareDeletes those that are a delete alone
 * @param history the changes of all of them one by one, or null if no history is kept
 */
record PreparedPatches(
    List<RowPatch> patches,
    List<RowPatch> full,
    @Nullable RowArrays<RowPatch> arrays,
    List<RowPatch> partial,
    List<RowPatch> deletes,
    List<RowPatch> bareDeletes,
    HistoryWriter.@Nullable Prepared history) {

  /** Patches that are sorted only when they are written. */
  static PreparedPatches unsorted(
      List<RowPatch> patches, HistoryWriter.@Nullable Prepared history) {
    return new PreparedPatches(patches, List.of(), null, List.of(), List.of(), List.of(), history);
  }
}
