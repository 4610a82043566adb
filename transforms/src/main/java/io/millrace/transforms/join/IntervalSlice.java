package io.millrace.transforms.join;

import io.millrace.schemas.wire.ByteReader;
import io.millrace.schemas.wire.ByteWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongPredicate;
import org.apache.beam.sdk.state.MapState;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * The elements of a key, side and slice of time. They are in chunks of some 8 KB: what is appended
 * is in the open one, with the slice itself; chunks that are full lie in a map of their own, and
 * are read only if their times ask for it.
 *
 * <p>Format: the version byte 1; the number of full chunks, and of each the times of its first and
 * its last element and of the first that waits; the time of the first that waits in the open chunk;
 * its elements, to the end (see {@link IntervalElements}). Times are milliseconds since the slice's
 * start, those that wait one more, and 0 if none does. Elements that wait are not settled, and not
 * before the first that waits.
 */
final class IntervalSlice {
  /** Stands for no time at all. */
  static final long NONE = Long.MAX_VALUE;

  private static final int VERSION = 1;
  private static final int CHUNK_BYTES = 8 * 1024;
  private static final byte[] NOTHING = {};

  /** Takes elements in turn. */
  interface Visitor {

    /** Answers whether the element is to be settled. */
    boolean visit(IntervalElements element);
  }

  private record Chunk(long first, long last, long waiting) {}

  private final String name;
  private final long start;
  private final boolean hasIds;
  private final MapState<String, byte[]> chunks;
  private final List<Chunk> full = new ArrayList<>();
  private byte[] open = NOTHING;
  private long openWaiting = NONE;
  private @Nullable ByteWriter appended;
  private final long waited;
  private boolean isChanged;

  /**
   * The slice of a name.
   *
   * @param start in milliseconds since 1970
   * @param state null if there is none yet
   * @param chunks that are full, of all slices
   */
  IntervalSlice(
      String name,
      long start,
      boolean hasIds,
      byte @Nullable [] state,
      MapState<String, byte[]> chunks) {
    this.name = name;
    this.start = start;
    this.hasIds = hasIds;
    this.chunks = chunks;
    if (state != null) {
      read(state);
    }
    waited = waiting();
  }

  private void read(byte[] state) {
    ByteReader in = new ByteReader(state);
    int version = in.readByte();
    if (version != VERSION) {
      throw new IllegalStateException(
          "A join's state of version " + version + " is newer than this code");
    }
    int count = in.readLength();
    for (int i = 0; i < count; i++) {
      full.add(new Chunk(start + in.readVarint(), start + in.readVarint(), readWaiting(in)));
    }
    openWaiting = readWaiting(in);
    open = Arrays.copyOfRange(state, in.position(), state.length);
  }

  private long readWaiting(ByteReader in) {
    long waiting = in.readVarint();
    return waiting == 0 ? NONE : start + waiting - 1;
  }

  private void writeWaiting(long waiting, ByteWriter out) {
    out.writeVarint(waiting == NONE ? 0 : waiting - start + 1);
  }

  String name() {
    return name;
  }

  boolean isChanged() {
    return isChanged;
  }

  /** The time of the first element that waited when the slice was read. */
  long waited() {
    return waited;
  }

  /** The time of the first element that waits. */
  long waiting() {
    long waiting = openWaiting;
    for (Chunk chunk : full) {
      waiting = Math.min(waiting, chunk.waiting());
    }
    return waiting;
  }

  /** Shows the elements of these times, and perhaps others. */
  void visit(long from, long to, Visitor visitor) {
    for (int i = 0; i < full.size(); i++) {
      Chunk chunk = full.get(i);
      if (chunk.last() >= from && chunk.first() <= to) {
        byte[] bytes = readChunk(i);
        byte[] changed = visit(bytes, visitor);
        if (changed != null) {
          putChunk(i, changed);
          setWaiting(i, firstWaiting(changed, chunk.waiting(), time -> true));
        }
      }
    }
    byte[] changed = visit(open, visitor);
    if (changed != null) {
      open = changed;
      openWaiting = firstWaiting(changed, openWaiting, time -> true);
      isChanged = true;
    }
  }

  private byte @Nullable [] visit(byte[] chunk, Visitor visitor) {
    IntervalElements elements = elements(chunk);
    while (elements.next()) {
      if (visitor.visit(elements) && !elements.isSettled()) {
        elements.settle();
      }
    }
    return elements.changed();
  }

  /** Shows the elements that wait and are over; they wait no longer. */
  void takeWaiting(LongPredicate isOver, Consumer<IntervalElement> taker) {
    for (int i = 0; i < full.size(); i++) {
      long waiting = full.get(i).waiting();
      if (waiting != NONE && isOver.test(waiting)) {
        setWaiting(i, takeWaiting(readChunk(i), waiting, isOver, taker));
      }
    }
    if (openWaiting != NONE && isOver.test(openWaiting)) {
      openWaiting = takeWaiting(open, openWaiting, isOver, taker);
      isChanged = true;
    }
  }

  private long takeWaiting(
      byte[] chunk, long since, LongPredicate isOver, Consumer<IntervalElement> taker) {
    IntervalElements elements = elements(chunk);
    while (elements.next()) {
      if (!elements.isSettled() && elements.time() >= since && isOver.test(elements.time())) {
        taker.accept(elements);
      }
    }
    return firstWaiting(chunk, since, isOver.negate());
  }

  private long firstWaiting(byte[] chunk, long since, LongPredicate waits) {
    long first = NONE;
    IntervalElements elements = elements(chunk);
    while (since != NONE && elements.next()) {
      long time = elements.time();
      if (!elements.isSettled() && time >= since && time < first && waits.test(time)) {
        first = time;
      }
    }
    return first;
  }

  private IntervalElements elements(byte[] chunk) {
    return new IntervalElements(chunk, start, hasIds);
  }

  /** Appends an element; after that nothing can be visited. */
  void append(IntervalArrival arrival, boolean waits) {
    if (appended == null) {
      appended = new ByteWriter(open.length + 256);
      appended.writeRaw(open, 0, open.length);
    }
    IntervalElements.write(appended, start, !waits, arrival);
    if (waits) {
      openWaiting = Math.min(openWaiting, arrival.time());
    }
    isChanged = true;
    if (appended.length() >= CHUNK_BYTES) {
      close(appended.toByteArray());
      appended.clear();
    }
  }

  private void close(byte[] chunk) {
    long first = Long.MAX_VALUE;
    long last = Long.MIN_VALUE;
    IntervalElements elements = elements(chunk);
    while (elements.next()) {
      first = Math.min(first, elements.time());
      last = Math.max(last, elements.time());
    }
    putChunk(full.size(), chunk);
    full.add(new Chunk(first, last, openWaiting));
    openWaiting = NONE;
  }

  private byte[] readChunk(int number) {
    return chunks.get(IntervalSliceName.chunk(name, number)).read();
  }

  private void putChunk(int number, byte[] chunk) {
    chunks.put(IntervalSliceName.chunk(name, number), chunk);
  }

  private void setWaiting(int number, long waiting) {
    Chunk chunk = full.get(number);
    full.set(number, new Chunk(chunk.first(), chunk.last(), waiting));
    isChanged = true;
  }

  byte[] encode() {
    byte[] last = appended == null ? open : appended.toByteArray();
    ByteWriter out = new ByteWriter(8 + full.size() * 12 + last.length);
    out.writeByte(VERSION);
    out.writeVarint(full.size());
    for (Chunk chunk : full) {
      out.writeVarint(chunk.first() - start);
      out.writeVarint(chunk.last() - start);
      writeWaiting(chunk.waiting(), out);
    }
    writeWaiting(openWaiting, out);
    out.writeRaw(last, 0, last.length);
    return out.toByteArray();
  }
}
