package io.millrace.schemas;

import com.google.auto.value.AutoValue;
import java.io.Serializable;

/** Where a record was read: a line of a file, or an offset of a topic's partition. */
@AutoValue
public abstract class Origin implements Serializable {
  private static final long serialVersionUID = 1L;

  /** The partition of a record that came from a file. */
  public static final int NO_PARTITION = -1;

  /** The line of a record whose line number is not known, or that came from a topic. */
  public static final long NO_LINE = 0;

  /** The file's name as it was matched, or the topic. */
  public abstract String source();

  /** The topic's partition, or {@link #NO_PARTITION} for a file. */
  public abstract int partition();

  /** The record's offset in its partition, or the byte offset at which its line starts. */
  public abstract long offset();

  /** The line's number, from 1, or {@link #NO_LINE}. */
  public abstract long line();

  public static Origin ofFile(String file, long byteOffset, long line) {
    return new AutoValue_Origin(file, NO_PARTITION, byteOffset, line);
  }

  public static Origin ofTopic(String topic, int partition, long offset) {
    return new AutoValue_Origin(topic, partition, offset, NO_LINE);
  }

  /** Any origin, from its four parts. */
  public static Origin of(String source, int partition, long offset, long line) {
    return new AutoValue_Origin(source, partition, offset, line);
  }

  public boolean isFile() {
    return partition() == NO_PARTITION;
  }

  /** {@code orders.jsonl:17}, {@code orders.jsonl@byte 4096} or {@code shop.orders-0@42}. */
  @Override
  public final String toString() {
    if (!isFile()) {
      return source() + "-" + partition() + "@" + offset();
    }
    return line() == NO_LINE ? source() + "@byte " + offset() : source() + ":" + line();
  }
}
