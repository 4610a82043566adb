package io.millrace.transforms.join;

import io.millrace.transforms.join.IntervalWaiting.Waiter;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.state.MapState;
import org.checkerframework.checker.nullness.qual.Nullable;

/** The elements of a bucket of keys, during one call. */
final class IntervalBucket {
  private record Identity(long time, ByteBuffer id) {}

  private final IntervalRules rules;
  private final MapState<String, byte[]> slices;
  private final MapState<String, byte[]> chunks;
  private final long watermark;
  private final IntervalOutput out;
  private final Map<IntervalSide, List<Waiter>> gone = new EnumMap<>(IntervalSide.class);
  private final Map<IntervalSide, List<Waiter>> come = new EnumMap<>(IntervalSide.class);
  private IntervalWaiting waiting;
  private long freed = IntervalSlice.NONE;
  private long repeated;

  IntervalBucket(
      IntervalRules rules,
      MapState<String, byte[]> slices,
      MapState<String, byte[]> chunks,
      IntervalWaiting waiting,
      long watermark,
      IntervalOutput out) {
    this.rules = rules;
    this.slices = slices;
    this.chunks = chunks;
    this.waiting = waiting;
    this.watermark = watermark;
    this.out = out;
    for (IntervalSide side : IntervalSide.values()) {
      gone.put(side, new ArrayList<>());
      come.put(side, new ArrayList<>());
    }
  }

  /**
   * Joins elements of a key to those of the other side that are kept, and keeps them.
   *
   * @param arrivals in order of time
   */
  void add(String key, IntervalSide side, List<IntervalArrival> arrivals) {
    Map<Long, IntervalSlice> own = new HashMap<>();
    List<IntervalArrival> distinct = rules.hasIds() ? distinct(key, side, arrivals, own) : arrivals;
    repeated += arrivals.size() - distinct.size();
    join(key, side, distinct);
    for (IntervalArrival arrival : distinct) {
      keep(key, side, arrival, own);
    }
    own.values().forEach(slice -> write(side, slice));
  }

  private List<IntervalArrival> distinct(
      String key, IntervalSide side, List<IntervalArrival> arrivals, Map<Long, IntervalSlice> own) {
    Map<Identity, IntervalArrival> distinct = new LinkedHashMap<>();
    for (IntervalArrival arrival : arrivals) {
      distinct.putIfAbsent(new Identity(arrival.time(), ByteBuffer.wrap(arrival.id())), arrival);
      own(key, side, arrival.time(), own);
    }
    long first = arrivals.get(0).time();
    long last = arrivals.get(arrivals.size() - 1).time();
    for (IntervalSlice slice : own.values()) {
      slice.visit(
          first,
          last,
          kept -> {
            distinct.remove(new Identity(kept.time(), kept.id()));
            return false;
          });
    }
    return List.copyOf(distinct.values());
  }

  private void join(String key, IntervalSide side, List<IntervalArrival> arrivals) {
    long done = Long.MIN_VALUE;
    for (IntervalArrival arrival : arrivals) {
      long from = rules.span().from(side, arrival.time());
      long to = rules.span().to(side, arrival.time());
      if (from <= to) {
        for (long slice = Math.max(done + 1, rules.slice(from));
            slice <= rules.slice(to);
            slice++) {
          join(key, side, arrivals, slice);
          done = slice;
        }
      }
    }
  }

  private void join(String key, IntervalSide side, List<IntervalArrival> arrivals, long number) {
    IntervalSide other = side.other();
    String name = new IntervalSliceName(other, number, key).text();
    byte[] state = slices.get(name).read();
    if (state == null) {
      return;
    }
    IntervalSlice slice = slice(name, number, state);
    boolean isOuter = rules.kind().isOuter(other);
    long first = rules.span().from(side, arrivals.get(0).time());
    long last = rules.span().to(side, arrivals.get(arrivals.size() - 1).time());
    slice.visit(first, last, kept -> join(key, side, arrivals, kept) && isOuter);
    write(other, slice);
  }

  private boolean join(
      String key, IntervalSide side, List<IntervalArrival> arrivals, IntervalElements kept) {
    long from = rules.span().from(side.other(), kept.time());
    long to = rules.span().to(side.other(), kept.time());
    int first = firstNotBefore(from, arrivals);
    int next = first;
    for (; next < arrivals.size() && arrivals.get(next).time() <= to; next++) {
      arrivals.get(next).match();
      out.pair(key, side, arrivals.get(next), kept);
    }
    return next > first;
  }

  private static int firstNotBefore(long time, List<IntervalArrival> arrivals) {
    int low = 0;
    int high = arrivals.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (arrivals.get(middle).time() < time) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private void keep(
      String key, IntervalSide side, IntervalArrival arrival, Map<Long, IntervalSlice> own) {
    boolean isUnmatched = rules.kind().isOuter(side) && !arrival.isMatched();
    boolean isOver = rules.isOver(side, arrival.time(), watermark);
    if (isUnmatched && isOver) {
      out.unmatched(key, side, arrival);
      waiting = waiting.passed(watermark);
    }
    if (rules.isKept(side, arrival.time(), watermark)) {
      own(key, side, arrival.time(), own).append(arrival, isUnmatched && !isOver);
      freed = Math.min(freed, rules.sliceFreed(side, rules.slice(arrival.time())));
    }
  }

  private IntervalSlice own(
      String key, IntervalSide side, long time, Map<Long, IntervalSlice> own) {
    return own.computeIfAbsent(
        rules.slice(time),
        number -> {
          String name = new IntervalSliceName(side, number, key).text();
          return slice(name, number, slices.get(name).read());
        });
  }

  private IntervalSlice slice(String name, long number, byte @Nullable [] state) {
    return new IntervalSlice(name, rules.sliceStart(number), rules.hasIds(), state, chunks);
  }

  private void write(IntervalSide side, IntervalSlice slice) {
    if (!slice.isChanged()) {
      return;
    }
    slices.put(slice.name(), slice.encode());
    if (slice.waiting() != slice.waited()) {
      if (slice.waited() != IntervalSlice.NONE) {
        gone.get(side).add(new Waiter(slice.waited(), slice.name()));
      }
      if (slice.waiting() != IntervalSlice.NONE) {
        come.get(side).add(new Waiter(slice.waiting(), slice.name()));
      }
    }
  }

  /** Says what waits and can be joined by nothing any more. */
  void sayUnmatched() {
    for (IntervalSide side : IntervalSide.values()) {
      for (Waiter waiter : waiting.of(side)) {
        if (!rules.isOver(side, waiter.time(), watermark)) {
          break;
        }
        sayUnmatched(side, waiter.name());
      }
    }
    waiting = waiting.passed(watermark);
  }

  private void sayUnmatched(IntervalSide side, String name) {
    IntervalSliceName parsed = IntervalSliceName.parse(name);
    IntervalSlice slice = slice(name, parsed.slice(), slices.get(name).read());
    slice.takeWaiting(
        time -> rules.isOver(side, time, watermark),
        element -> out.unmatched(parsed.key(), side, element));
    write(side, slice);
  }

  /**
   * Frees the slices that nothing can join any more, with their chunks.
   *
   * @return how many slices
   */
  int free() {
    List<String> over = new ArrayList<>();
    freed = over(slices, over);
    over.forEach(slices::remove);
    List<String> overChunks = new ArrayList<>();
    over(chunks, overChunks);
    overChunks.forEach(chunks::remove);
    waiting = waiting.passed(watermark);
    return over.size();
  }

  /** Adds the names of those that are over, and answers when the first of the others will be. */
  private long over(MapState<String, byte[]> map, List<String> over) {
    long next = IntervalSlice.NONE;
    for (String name : map.keys().read()) {
      IntervalSliceName parsed = IntervalSliceName.parse(name);
      long end = rules.sliceFreed(parsed.side(), parsed.slice());
      if (end <= watermark) {
        over.add(name);
      } else {
        next = Math.min(next, end);
      }
    }
    return next;
  }

  /** What waits after this call. */
  IntervalWaiting waiting() {
    IntervalWaiting changed = waiting;
    for (IntervalSide side : IntervalSide.values()) {
      changed = changed.with(side, gone.get(side), come.get(side));
    }
    return changed;
  }

  /**
   * The watermark at which the first slice is to be freed of those that were appended to, or, after
   * {@link #free}, of all; {@link IntervalSlice#NONE} if there is none.
   */
  long freed() {
    return freed;
  }

  /** How many elements had come before. */
  long repeated() {
    return repeated;
  }
}
