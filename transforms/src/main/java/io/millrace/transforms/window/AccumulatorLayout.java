package io.millrace.transforms.window;

import io.millrace.schemas.wire.ByteReader;
import io.millrace.schemas.wire.ByteWriter;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.coders.Coder;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Where the numbers and objects of some aggregates are in a row of {@link Slots}. The first number
 * is how many elements the row stands for.
 *
 * <p>A row is written as its numbers, the first as a varint and the others as eight bytes each, and
 * each object as a length and what its coder makes of it. One of no elements has no objects.
 */
final class AccumulatorLayout implements Serializable {
  private static final long serialVersionUID = 1L;

  private final Aggregate<?>[] aggregates;
  private final int[] at;
  private final int[] objectAt;
  private final List<Coder<Object>> objectCoders = new ArrayList<>();
  private final int longs;

  AccumulatorLayout(List<? extends Aggregate<?>> aggregates) {
    this.aggregates = aggregates.toArray(new Aggregate<?>[0]);
    at = new int[aggregates.size()];
    objectAt = new int[aggregates.size()];
    int next = 1;
    for (int i = 0; i < at.length; i++) {
      at[i] = next;
      objectAt[i] = objectCoders.size();
      next += aggregates.get(i).longs();
      if (aggregates.get(i).objectCoder() != null) {
        objectCoders.add(aggregates.get(i).objectCoder());
      }
    }
    longs = next;
  }

  /** The numbers of a row. */
  int longs() {
    return longs;
  }

  /** The objects of a row. */
  int objects() {
    return objectCoders.size();
  }

  /** Adds an element to a row; it is of the type that the aggregates are for. */
  @SuppressWarnings("unchecked")
  <T> void add(T element, long millis, Slots into, int row) {
    int base = row * longs;
    int objectBase = row * objectCoders.size();
    boolean first = into.longs[base]++ == 0;
    for (int i = 0; i < at.length; i++) {
      ((Aggregate<T>) aggregates[i])
          .add(element, millis, first, into, base + at[i], objectBase + objectAt[i]);
    }
  }

  /** Adds a row to another, and leaves it as it is; it may be empty. */
  void merge(Slots into, int row, Slots from, int fromRow) {
    int base = row * longs;
    int fromBase = fromRow * longs;
    if (from.longs[fromBase] == 0) {
      return;
    }
    int objectBase = row * objectCoders.size();
    int fromObjectBase = fromRow * objectCoders.size();
    boolean first = into.longs[base] == 0;
    into.longs[base] += from.longs[fromBase];
    for (int i = 0; i < at.length; i++) {
      aggregates[i].merge(
          first,
          into,
          base + at[i],
          objectBase + objectAt[i],
          from,
          fromBase + at[i],
          fromObjectBase + objectAt[i]);
    }
  }

  /** Where, in a row, the numbers of an aggregate are. */
  int at(int aggregate) {
    return at[aggregate];
  }

  /** Writes the results of a row into an array, from an index on, as many as fit. */
  void extract(Slots slots, int row, @Nullable Object[] values, int from) {
    int base = row * longs;
    int objectBase = row * objectCoders.size();
    for (int i = 0; i < values.length - from; i++) {
      values[from + i] =
          aggregates[i].extract(slots, base + at[i], objectBase + objectAt[i], slots.longs[base]);
    }
  }

  void write(Slots slots, int row, ByteWriter out) {
    int base = row * longs;
    out.writeVarint(slots.longs[base]);
    for (int i = 1; i < longs; i++) {
      out.writeLong(slots.longs[base + i]);
    }
    for (int i = 0; i < writtenObjects(slots, base); i++) {
      out.writeBytes(encode(i, slots.objects[row * objectCoders.size() + i]));
    }
  }

  void read(ByteReader in, Slots slots, int row) {
    int base = row * longs;
    slots.longs[base] = in.readVarint();
    for (int i = 1; i < longs; i++) {
      slots.longs[base + i] = in.readLong();
    }
    for (int i = 0; i < writtenObjects(slots, base); i++) {
      int length = in.readLength();
      slots.objects[row * objectCoders.size() + i] =
          decode(i, in.buffer(), in.skip(length), length);
    }
  }

  /** An empty row's objects are null, which few coders take. */
  private int writtenObjects(Slots slots, int base) {
    return slots.longs[base] == 0 ? 0 : objectCoders.size();
  }

  private byte[] encode(int object, @Nullable Object value) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(32);
    try {
      objectCoders.get(object).encode(value, out);
    } catch (IOException e) {
      throw new IllegalStateException(
          "An accumulator cannot be encoded by " + objectCoders.get(object), e);
    }
    return out.toByteArray();
  }

  private @Nullable Object decode(int object, byte[] bytes, int offset, int length) {
    try {
      return objectCoders.get(object).decode(new ByteArrayInputStream(bytes, offset, length));
    } catch (IOException e) {
      throw new IllegalStateException(
          "An accumulator cannot be decoded by " + objectCoders.get(object), e);
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof AccumulatorLayout that
        && longs == that.longs
        && objectCoders.equals(that.objectCoders);
  }

  @Override
  public int hashCode() {
    return 31 * longs + objectCoders.hashCode();
  }
}
