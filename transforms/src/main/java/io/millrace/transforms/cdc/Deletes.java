package io.millrace.transforms.cdc;

/** What a delete at the source does to the row in the target. */
public enum Deletes {
  /** The row stays, marked as deleted, with the last values it had (the default). */
  SOFT,
  /** The row goes; a tombstone with its key and position stays, so that nothing older returns. */
  HARD
}
