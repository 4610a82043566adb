package io.millrace.transforms.lookup;

import org.checkerframework.checker.nullness.qual.Nullable;

/** The newest change of a key. */
final class KeptRow {
  private final long timestamp;
  private final byte @Nullable [] row;

  KeptRow(long timestamp, byte @Nullable [] row) {
    this.timestamp = timestamp;
    this.row = row;
  }

  /** The change's, in milliseconds since 1970. */
  long timestamp() {
    return timestamp;
  }

  /** The row as encoded, read only; null if it is gone. */
  byte @Nullable [] row() {
    return row;
  }
}
