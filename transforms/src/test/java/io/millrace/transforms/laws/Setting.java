package io.millrace.transforms.laws;

import io.millrace.schemas.UnknownColumns;
import io.millrace.transforms.cdc.Deletes;
import io.millrace.transforms.cdc.StateLayout;

/**
 * How a world is replicated.
 *
 * @param buckets of keys
 * @param batchEvents how many changes are written at once
 * @param blockRecords how many records are in a block, about
 */
record Setting(
    Flavor flavor,
    Deletes deletes,
    StateLayout stateLayout,
    UnknownColumns unknownColumns,
    int buckets,
    int batchEvents,
    int blockRecords) {

  Setting withBlockRecords(int changed) {
    return new Setting(flavor, deletes, stateLayout, unknownColumns, buckets, batchEvents, changed);
  }
}
