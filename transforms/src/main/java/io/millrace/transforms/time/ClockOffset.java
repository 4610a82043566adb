package io.millrace.transforms.time;

import io.millrace.schemas.wire.ByteReader;
import io.millrace.schemas.wire.ByteWriter;
import java.util.Arrays;
import java.util.TreeMap;

/**
 * What is known of a device's clock: the smallest differences between the server's time of receipt
 * and the device's time of sending, for each slot of the horizon. Encoded: a version byte, the
 * number of slots, and of each its number, how many differences it has, and these (zigzag varints).
 */
final class ClockOffset {
  /** How many slots the horizon has. */
  static final int SLOTS = 12;

  /** How many differences a slot keeps. */
  private static final int KEPT = 4;

  private static final int VERSION = 1;

  /**
   * How often the gap between the smallest and the fourth difference holds the gap between the
   * smallest and the least possible one, with 95 %: {@code (1 / (1 + factor)) ^ 3 = 0.05}.
   */
  private static final double FACTOR = 1.7144;

  /** A clock that drifts has gone on since the newest slots began, which may be a fifth of all. */
  private static final double SINCE = 1.25;

  /** By number of the slot, smallest differences in microseconds, ascending. */
  private final TreeMap<Long, long[]> slots = new TreeMap<>();

  /** Adds the difference of an event that was received in this slot; not before any other's. */
  void add(long slot, long difference) {
    expire(slot);
    long[] smallest = slots.getOrDefault(slot, new long[0]);
    if (smallest.length == KEPT && difference >= smallest[KEPT - 1]) {
      return;
    }
    slots.put(slot, withValue(smallest, difference));
  }

  /** Forgets what is older than the horizon that ends with this slot. */
  void expire(long slot) {
    slots.headMap(slot - SLOTS, true).clear();
  }

  boolean isEmpty() {
    return slots.isEmpty();
  }

  /** The smallest difference, 0 if there is none. */
  long offset() {
    return slots.values().stream().mapToLong(smallest -> smallest[0]).min().orElse(0);
  }

  /** By how much the smallest difference may be off, in the sense of CorrectClockSkew. */
  long uncertainty() {
    long[] smallest =
        slots.values().stream().flatMapToLong(Arrays::stream).sorted().limit(KEPT).toArray();
    if (smallest.length < KEPT) {
      return Corrected.UNKNOWN;
    }
    long byDelay = Math.round(FACTOR * (smallest[KEPT - 1] - smallest[0]));
    long byDrift = Math.round(SINCE * (newest() - smallest[0]));
    return Math.max(byDelay, byDrift);
  }

  /** What the newest events alone would say: the smallest of as few slots as have enough. */
  private long newest() {
    long smallest = Long.MAX_VALUE;
    int count = 0;
    for (long[] slot : slots.descendingMap().values()) {
      smallest = Math.min(smallest, slot[0]);
      count += slot.length;
      if (count >= KEPT) {
        break;
      }
    }
    return smallest;
  }

  private static long[] withValue(long[] smallest, long difference) {
    long[] all = Arrays.copyOf(smallest, smallest.length + 1);
    all[smallest.length] = difference;
    Arrays.sort(all);
    return Arrays.copyOf(all, Math.min(all.length, KEPT));
  }

  byte[] encode() {
    ByteWriter bytes = new ByteWriter(64);
    bytes.writeByte(VERSION);
    bytes.writeVarint(slots.size());
    slots.forEach(
        (slot, smallest) -> {
          bytes.writeZigzag(slot);
          bytes.writeVarint(smallest.length);
          for (long difference : smallest) {
            bytes.writeZigzag(difference);
          }
        });
    return bytes.toByteArray();
  }

  /**
   * Decodes what was encoded.
   *
   * @throws IllegalStateException if it is of a version that this code does not know
   */
  static ClockOffset decode(byte[] encoded) {
    ByteReader bytes = new ByteReader(encoded);
    int version = bytes.readByte();
    if (version != VERSION) {
      throw new IllegalStateException(
          "A clock's offset has version " + version + ", which is newer than this code");
    }
    ClockOffset offset = new ClockOffset();
    int count = bytes.readLength();
    for (int i = 0; i < count; i++) {
      long slot = bytes.readZigzag();
      long[] smallest = new long[bytes.readLength()];
      for (int j = 0; j < smallest.length; j++) {
        smallest[j] = bytes.readZigzag();
      }
      offset.slots.put(slot, smallest);
    }
    return offset;
  }
}
