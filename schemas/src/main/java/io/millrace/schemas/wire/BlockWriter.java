package io.millrace.schemas.wire;

/** What gathers records in a block of bytes until somebody takes it. */
public interface BlockWriter {

  /** Whether nothing was written since the last {@link #take}. */
  boolean isEmpty();

  /** How many bytes were written since the last {@link #take}. */
  int length();

  /** The block as written so far; the writer is empty afterwards. */
  byte[] take();
}
