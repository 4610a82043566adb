package io.millrace.transforms.pattern;

import io.millrace.schemas.wire.ByteReader;
import io.millrace.schemas.wire.ByteWriter;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Mean and deviation of values that come one by one (Welford, Note on a method for calculating
 * corrected sums of squares and products, Technometrics 1962). Encoded: a version byte, the count,
 * the time of the last (a zigzag varint), the bits of the mean and of the sum of squares.
 */
final class RunningStatistics {
  private static final int VERSION = 1;

  private long count;
  private long lastTimestamp;
  private double mean;
  private double squares;

  void add(double value, long timestamp) {
    count++;
    lastTimestamp = timestamp;
    double difference = value - mean;
    mean += difference / count;
    squares += difference * (value - mean);
  }

  long count() {
    return count;
  }

  /** When the last value was, in milliseconds since 1970. */
  long lastTimestamp() {
    return lastTimestamp;
  }

  double mean() {
    return mean;
  }

  /** The deviation of a sample: over one less than the count. */
  double deviation() {
    return Math.sqrt(squares / (count - 1));
  }

  byte[] encode() {
    ByteWriter bytes = new ByteWriter(32);
    bytes.writeByte(VERSION);
    bytes.writeVarint(count);
    bytes.writeZigzag(lastTimestamp);
    bytes.writeLong(Double.doubleToLongBits(mean));
    bytes.writeLong(Double.doubleToLongBits(squares));
    return bytes.toByteArray();
  }

  /**
   * Decodes what was encoded; without anything, there were no values.
   *
   * @throws IllegalStateException if it is of a version that this code does not know
   */
  static RunningStatistics decode(byte @Nullable [] encoded) {
    RunningStatistics statistics = new RunningStatistics();
    if (encoded == null) {
      return statistics;
    }
    ByteReader bytes = new ByteReader(encoded);
    int version = bytes.readByte();
    if (version != VERSION) {
      throw new IllegalStateException(
          "Running statistics have version " + version + ", which is newer than this code");
    }
    statistics.count = bytes.readVarint();
    statistics.lastTimestamp = bytes.readZigzag();
    statistics.mean = Double.longBitsToDouble(bytes.readLong());
    statistics.squares = Double.longBitsToDouble(bytes.readLong());
    return statistics;
  }
}
