package io.millrace.transforms.warehouse;

/** How many rows a batch changed. */
record WriteCounts(long upserted, long deleted) {
  static final WriteCounts NONE = new WriteCounts(0, 0);

  WriteCounts plus(WriteCounts other) {
    return new WriteCounts(upserted + other.upserted, deleted + other.deleted);
  }
}
