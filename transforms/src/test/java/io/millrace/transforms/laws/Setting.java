package io.millrace.transforms.laws;

import io.millrace.schemas.UnknownColumns;
import io.millrace.transforms.cdc.Deletes;
import io.millrace.transforms.cdc.StateLayout;

/**
 * How a world is replicated.
 *
 * @param history whether all versions of rows are kept, too
 * @param buckets of keys
 * @param batchEvents how many changes are written at once
 * @param blockRecords how many records are in a block, about
 */
record Setting(
    Flavor flavor,
    Deletes deletes,
    boolean history,
    StateLayout stateLayout,
    UnknownColumns unknownColumns,
    int buckets,
    int batchEvents,
    int blockRecords) {

  Setting withBlockRecords(int changed) {
    return new Setting(
        flavor, deletes, history, stateLayout, unknownColumns, buckets, batchEvents, changed);
  }

  Setting withoutHistory() {
    return new Setting(
        flavor, deletes, false, stateLayout, unknownColumns, buckets, batchEvents, blockRecords);
  }
}
