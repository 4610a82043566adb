package io.millrace.transforms.window;

import org.apache.beam.sdk.transforms.windowing.GlobalWindow;

/**
 * The windows of a bucket of keys, during one call: from state that was read to what is written.
 */
interface WindowBucket {
  /** The last time that an element can have, in milliseconds. */
  long LAST_TIME = GlobalWindow.INSTANCE.maxTimestamp().getMillis();

  /** Stands for no time; more than any, and such that a lateness can be added. */
  long NEVER = Long.MAX_VALUE / 4;

  /** The watermark up to which windows are closed. */
  long closed();

  /** Closes the windows that a watermark has passed, in order, and frees those that are over. */
  void advance(long watermark);

  /** Adds what a packet holds, and says what is to be said at once. */
  void add(byte[] packet);

  /** Says what has changed: as early results, of windows that have not ended, or as late ones. */
  void sayChanges(Pane pane);

  /** At which watermark there is something to do, {@link #NEVER} if at none. */
  long due();
}
