package io.millrace.transforms.time;

import java.util.Arrays;
import java.util.Comparator;

/** An event of a key: its timestamp in milliseconds since 1970, and its bytes as encoded. */
public final class KeyEvent {
  /**
   * By time; at the same time by their bytes, so that the order is the same whoever comes first.
   */
  public static final Comparator<KeyEvent> ORDER =
      Comparator.comparingLong(KeyEvent::timestamp)
          .thenComparing(KeyEvent::bytes, Arrays::compareUnsigned);

  private final long timestamp;
  private final byte[] bytes;

  public KeyEvent(long timestamp, byte[] bytes) {
    this.timestamp = timestamp;
    this.bytes = bytes;
  }

  public long timestamp() {
    return timestamp;
  }

  /** The bytes themselves, not a copy: read only. */
  public byte[] bytes() {
    return bytes;
  }
}
