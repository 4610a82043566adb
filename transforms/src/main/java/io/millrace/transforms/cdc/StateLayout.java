package io.millrace.transforms.cdc;

/**
 * How merge state lies in a runner's store. It is part of a job's state: keep it for the job's
 * life.
 */
public enum StateLayout {
  /**
   * One value a bucket holds all its rows (the default): least CPU on a heap backend. A backend
   * that writes values to disk, such as RocksDB, writes the whole bucket for each block.
   */
  BUCKET,
  /** One map entry a row: for RocksDB, and for state larger than memory. */
  ROW
}
