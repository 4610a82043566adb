package io.millrace.schemas;

import java.util.Arrays;
import org.apache.beam.sdk.coders.DefaultCoder;

/**
 * All changes of a range of one file or one topic's partition, packed (see {@link
 * ChangeEventWriter}): those of the records with offsets from {@link #from()} up to, but not
 * including, {@link #to()}. What is read again may come in other ranges, but a range always holds
 * the same changes.
 */
@DefaultCoder(ChangeBlockCoder.class)
public final class ChangeBlock {
  private final String source;
  private final int partition;
  private final long from;
  private final long to;
  private final int count;
  private final byte[] bytes;

  private ChangeBlock(String source, int partition, long from, long to, int count, byte[] bytes) {
    this.source = source;
    this.partition = partition;
    this.from = from;
    this.to = to;
    this.count = count;
    this.bytes = bytes;
  }

  /**
   * The changes of a range of a source.
   *
   * @param source see {@link Origin#source()}
   * @param partition the topic's, or {@link Origin#NO_PARTITION}
   * @param count how many changes there are
   * @param bytes what a {@link ChangeEventWriter} packed; the array is kept
   */
  public static ChangeBlock of(
      String source, int partition, long from, long to, int count, byte[] bytes) {
    return new ChangeBlock(source, partition, from, to, count, bytes);
  }

  public String source() {
    return source;
  }

  /** The topic's partition, or {@link Origin#NO_PARTITION}. */
  public int partition() {
    return partition;
  }

  /** The offset that the range begins with. */
  public long from() {
    return from;
  }

  /** The offset behind the range. */
  public long to() {
    return to;
  }

  /** How many changes there are; none, where the range holds none. */
  public int count() {
    return count;
  }

  /** The packed changes: read only. */
  public byte[] bytes() {
    return bytes;
  }

  /** A reader before the first change. */
  public ChangeEventReader changes() {
    return new ChangeEventReader(bytes);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ChangeBlock that
        && source.equals(that.source)
        && partition == that.partition
        && from == that.from
        && to == that.to
        && count == that.count
        && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return 31 * source.hashCode() + Long.hashCode(from);
  }

  @Override
  public String toString() {
    return "ChangeBlock(" + source + ", " + partition + ", " + from + " to " + to + ")";
  }
}
