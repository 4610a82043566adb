package io.millrace.transforms.read;

import java.io.Serializable;

/**
 * Some of the records of a topic's partition: those with offsets from {@code from} up to, but not
 * including, {@code to}.
 *
 * @param to {@link #OPEN} if it goes on for ever
 */
public record LogPart(String topic, int partition, long from, long to) implements Serializable {
  /** The end of a part that goes on for ever. */
  public static final long OPEN = Long.MAX_VALUE;

  /** The part as it is known in messages. */
  @Override
  public String toString() {
    return topic + "-" + partition;
  }
}
