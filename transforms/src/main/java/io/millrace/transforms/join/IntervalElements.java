package io.millrace.transforms.join;

import io.millrace.schemas.wire.ByteReader;
import io.millrace.schemas.wire.ByteWriter;
import java.nio.ByteBuffer;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Walks over a chunk of elements where they lie. Each is a varint (twice its milliseconds since the
 * slice's start, and one more if it is settled), its id (a length and bytes) if elements have ids,
 * and its value (a length and bytes). An element is settled if there is no need to say that nothing
 * joined it.
 */
final class IntervalElements implements IntervalElement {
  private final byte[] chunk;
  private final ByteReader in;
  private final long start;
  private final boolean hasIds;
  private byte @Nullable [] changed;
  private int markAt;
  private long time;
  private boolean isSettled;
  private int idOffset;
  private int idLength;
  private int valueOffset;
  private int valueLength;

  /**
   * A walk before the first element.
   *
   * @param start of the slice, in milliseconds since 1970
   */
  IntervalElements(byte[] chunk, long start, boolean hasIds) {
    this.chunk = chunk;
    this.start = start;
    this.hasIds = hasIds;
    in = new ByteReader(chunk);
  }

  /** Appends an element to a chunk. */
  static void write(ByteWriter out, long start, boolean isSettled, IntervalArrival arrival) {
    out.writeVarint((arrival.time() - start) << 1 | (isSettled ? 1 : 0));
    if (arrival.id() != null) {
      out.writeBytes(arrival.id());
    }
    out.writeBytes(arrival.buffer(), arrival.offset(), arrival.length());
  }

  /** Moves to the next element; false after the last. */
  boolean next() {
    if (!in.hasRemaining()) {
      return false;
    }
    markAt = in.position();
    long mark = in.readVarint();
    time = start + (mark >>> 1);
    isSettled = (mark & 1) != 0;
    if (hasIds) {
      idLength = in.readLength();
      idOffset = in.skip(idLength);
    }
    valueLength = in.readLength();
    valueOffset = in.skip(valueLength);
    return true;
  }

  @Override
  public long time() {
    return time;
  }

  boolean isSettled() {
    return isSettled;
  }

  ByteBuffer id() {
    return ByteBuffer.wrap(chunk, idOffset, idLength);
  }

  @Override
  public byte[] buffer() {
    return chunk;
  }

  @Override
  public int offset() {
    return valueOffset;
  }

  @Override
  public int length() {
    return valueLength;
  }

  /** Settles the element, in a copy of the chunk: state may still hold the chunk itself. */
  void settle() {
    if (changed == null) {
      changed = chunk.clone();
    }
    changed[markAt] |= 1;
  }

  /** The chunk with what was settled; null if nothing was. */
  byte @Nullable [] changed() {
    return changed;
  }
}
