package io.millrace.transforms.window;

import io.millrace.schemas.wire.ByteWriter;
import io.millrace.transforms.block.Buckets;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * Sums up elements by slice and key before the shuffle. What it hands over are packets by bucket of
 * keys: a version byte, then for each slice and key the slice as eight bytes, the key as a length
 * and bytes, and the row of its accumulators.
 */
final class SlicePacker<T> {
  static final int VERSION = 1;
  private static final int MOST_ROWS = 32 * 1024;
  private static final int SLICE_BYTES = 8;
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  /** Takes packets. */
  interface Sink {
    /**
     * Takes a packet.
     *
     * @param earliest the time of the earliest element in it, or before that
     */
    void packet(int bucket, byte[] packet, long earliest);
  }

  private final Slices slices;
  private final KeyLayout<T> keys;
  private final AccumulatorLayout layout;
  private final AccumulatorTable table;
  private final ByteWriter key = new ByteWriter(64);
  private final ByteWriter[] writers;
  private final List<Integer> open = new ArrayList<>();
  private long earliest = Long.MAX_VALUE;

  SlicePacker(Slices slices, KeyLayout<T> keys, AccumulatorLayout layout, int buckets) {
    this.slices = slices;
    this.keys = keys;
    this.layout = layout;
    table = new AccumulatorTable(layout);
    writers = new ByteWriter[buckets];
  }

  /** Adds an element; answers whether there is so much now that it should be handed over. */
  boolean add(T element, long millis) {
    key.clear();
    key.writeLong(slices.sliceOf(millis));
    keys.write(element, key);
    layout.add(element, millis, table.slots, table.row(key.buffer(), 0, key.length()));
    earliest = Math.min(earliest, millis);
    return table.size() >= MOST_ROWS;
  }

  /** Hands over what there is. */
  void flush(Sink sink) {
    for (int row = 0; row < table.size(); row++) {
      int start = table.keyStart(row);
      int length = table.keyLength(row);
      int hash = KeyHash.of(table.keys(), start + SLICE_BYTES, length - SLICE_BYTES);
      ByteWriter writer = writer(Buckets.of(hash, writers.length));
      writer.writeLong((long) LONGS.get(table.keys(), start));
      writer.writeBytes(table.keys(), start + SLICE_BYTES, length - SLICE_BYTES);
      layout.write(table.slots, row, writer);
    }
    for (int bucket : open) {
      sink.packet(bucket, writers[bucket].toByteArray(), earliest);
      writers[bucket].clear();
    }
    open.clear();
    table.clear();
    earliest = Long.MAX_VALUE;
  }

  private ByteWriter writer(int bucket) {
    ByteWriter writer = writers[bucket];
    if (writer == null) {
      writer = new ByteWriter(1024);
      writers[bucket] = writer;
    }
    if (writer.length() == 0) {
      open.add(bucket);
      writer.writeByte(VERSION);
    }
    return writer;
  }
}
