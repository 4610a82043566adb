package io.millrace.transforms.time;

import org.checkerframework.checker.nullness.qual.Nullable;

/** What a {@link KeyProcess} can see and do when it is a key's turn. Times are milliseconds. */
public interface KeyTurn<OutputT> {

  /** What was kept of the key last time; null if nothing was. */
  byte @Nullable [] state();

  /**
   * Keeps this of the key, in place of what was; null to forget it. A turn that does not call this
   * leaves what was.
   */
  void keep(byte @Nullable [] state);

  /** Up to where the key's events are complete: all before this time have come. */
  long watermark();

  /**
   * Gives the key a turn once its events before this time are complete. All that is asked for
   * comes, so ask once for the same. After the last watermark there are no more turns.
   */
  void wakeAt(long time);

  /** Hands something over with a timestamp. */
  void output(OutputT output, long timestamp);
}
