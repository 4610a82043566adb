package io.millrace.transforms.window;

import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.schemas.Schema.FieldType;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Aggregates of numbers that are never null, kept as plain numbers. */
final class NumberAggregates {

  private abstract static class OfNumbers<T> extends Aggregate<T> {
    private static final long serialVersionUID = 1L;

    private final int longs;

    OfNumbers(String name, FieldType type, int longs) {
      super(name, type);
      this.longs = longs;
    }

    @Override
    final int longs() {
      return longs;
    }

    @Override
    final @Nullable Coder<Object> objectCoder() {
      return null;
    }
  }

  /** Counts elements: each row does so anyway. */
  static final class Count<T> extends OfNumbers<T> {
    private static final long serialVersionUID = 1L;

    Count(String name) {
      super(name, FieldType.INT64, 0);
    }

    @Override
    void add(T element, long millis, boolean first, Slots into, int at, int objectAt) {}

    @Override
    void merge(
        boolean first,
        Slots into,
        int at,
        int objectAt,
        Slots from,
        int fromAt,
        int fromObjectAt) {}

    @Override
    Object extract(Slots slots, int at, int objectAt, long count) {
      return count;
    }
  }

  static final class LongSum<T> extends OfNumbers<T> {
    private static final long serialVersionUID = 1L;

    private final Attribute<T> attribute;

    LongSum(String name, Attribute<T> attribute) {
      super(name, FieldType.INT64, 1);
      this.attribute = attribute;
    }

    @Override
    void add(T element, long millis, boolean first, Slots into, int at, int objectAt) {
      into.longs[at] = plus(into.longs[at], attribute.longOf(element));
    }

    @Override
    void merge(
        boolean first, Slots into, int at, int objectAt, Slots from, int fromAt, int fromObjectAt) {
      into.longs[at] = plus(into.longs[at], from.longs[fromAt]);
    }

    @Override
    Object extract(Slots slots, int at, int objectAt, long count) {
      return slots.longs[at];
    }

    private long plus(long one, long other) {
      long sum = one + other;
      if (((one ^ sum) & (other ^ sum)) < 0) {
        throw new ArithmeticException(
            "The sum "
                + name()
                + " leaves the range of INT64 at "
                + one
                + " + "
                + other
                + "; make its attribute a DECIMAL");
      }
      return sum;
    }
  }

  static class DoubleSum<T> extends OfNumbers<T> {
    private static final long serialVersionUID = 1L;

    private final Attribute<T> attribute;

    DoubleSum(String name, Attribute<T> attribute) {
      super(name, FieldType.DOUBLE, 1);
      this.attribute = attribute;
    }

    @Override
    void add(T element, long millis, boolean first, Slots into, int at, int objectAt) {
      plus(into, at, attribute.doubleOf(element));
    }

    @Override
    void merge(
        boolean first, Slots into, int at, int objectAt, Slots from, int fromAt, int fromObjectAt) {
      plus(into, at, Double.longBitsToDouble(from.longs[fromAt]));
    }

    @Override
    Object extract(Slots slots, int at, int objectAt, long count) {
      return Double.longBitsToDouble(slots.longs[at]);
    }
  }

  /** The sum by the number of elements, of which none is null. */
  static final class Mean<T> extends DoubleSum<T> {
    private static final long serialVersionUID = 1L;

    Mean(String name, Attribute<T> attribute) {
      super(name, attribute);
    }

    @Override
    Object extract(Slots slots, int at, int objectAt, long count) {
      return Double.longBitsToDouble(slots.longs[at]) / count;
    }
  }

  /** Keeps the number of values, their mean and the sum of squared differences from it. */
  static final class Deviation<T> extends OfNumbers<T> {
    private static final long serialVersionUID = 1L;

    private final Attribute<T> attribute;

    Deviation(String name, Attribute<T> attribute) {
      super(name, FieldType.DOUBLE, 3);
      this.attribute = attribute;
    }

    @Override
    void add(T element, long millis, boolean first, Slots into, int at, int objectAt) {
      join(into.longs, at, 1, attribute.doubleOf(element), 0);
    }

    @Override
    void merge(
        boolean first, Slots into, int at, int objectAt, Slots from, int fromAt, int fromObjectAt) {
      join(
          into.longs,
          at,
          from.longs[fromAt],
          Double.longBitsToDouble(from.longs[fromAt + 1]),
          Double.longBitsToDouble(from.longs[fromAt + 2]));
    }

    private static void join(long[] longs, int at, long count, double mean, double squares) {
      long all = longs[at] + count;
      double oldMean = Double.longBitsToDouble(longs[at + 1]);
      double difference = mean - oldMean;
      double joined =
          Double.longBitsToDouble(longs[at + 2])
              + squares
              + difference * difference * longs[at] * count / all;
      longs[at + 1] = Double.doubleToRawLongBits(oldMean + difference * count / all);
      longs[at + 2] = Double.doubleToRawLongBits(joined);
      longs[at] = all;
    }

    @Override
    Object extract(Slots slots, int at, int objectAt, long count) {
      return Math.sqrt(Double.longBitsToDouble(slots.longs[at + 2]) / slots.longs[at]);
    }
  }

  /** The earliest or the latest time of the elements, in milliseconds. */
  static final class Time<T> extends OfNumbers<T> {
    private static final long serialVersionUID = 1L;

    private final boolean isLatest;

    Time(boolean isLatest) {
      super("time", FieldType.INT64, 1);
      this.isLatest = isLatest;
    }

    @Override
    void add(T element, long millis, boolean first, Slots into, int at, int objectAt) {
      offer(into, at, first, millis);
    }

    @Override
    void merge(
        boolean first, Slots into, int at, int objectAt, Slots from, int fromAt, int fromObjectAt) {
      offer(into, at, first, from.longs[fromAt]);
    }

    private void offer(Slots into, int at, boolean first, long millis) {
      if (first || isLatest == millis > into.longs[at]) {
        into.longs[at] = millis;
      }
    }

    @Override
    Object extract(Slots slots, int at, int objectAt, long count) {
      return slots.longs[at];
    }
  }

  /** The least or the greatest number; floating point in the order of {@link Double#compare}. */
  static final class Extreme<T> extends OfNumbers<T> {
    private static final long serialVersionUID = 1L;

    private final Attribute<T> attribute;
    private final boolean isGreatest;

    Extreme(String name, Attribute<T> attribute, boolean isGreatest) {
      super(name, attribute.type(), 1);
      this.attribute = attribute;
      this.isGreatest = isGreatest;
    }

    @Override
    void add(T element, long millis, boolean first, Slots into, int at, int objectAt) {
      offer(
          into,
          at,
          first,
          attribute.isLong()
              ? attribute.longOf(element)
              : Double.doubleToRawLongBits(attribute.doubleOf(element)));
    }

    @Override
    void merge(
        boolean first, Slots into, int at, int objectAt, Slots from, int fromAt, int fromObjectAt) {
      offer(into, at, first, from.longs[fromAt]);
    }

    private void offer(Slots into, int at, boolean first, long value) {
      if (first || isGreatest == compare(value, into.longs[at]) > 0) {
        into.longs[at] = value;
      }
    }

    private int compare(long one, long other) {
      return attribute.isLong()
          ? Long.compare(one, other)
          : Double.compare(Double.longBitsToDouble(one), Double.longBitsToDouble(other));
    }

    @Override
    Object extract(Slots slots, int at, int objectAt, long count) {
      return attribute.isLong()
          ? (Object) slots.longs[at]
          : (Object) Double.longBitsToDouble(slots.longs[at]);
    }
  }

  private static void plus(Slots into, int at, double value) {
    into.longs[at] = Double.doubleToRawLongBits(Double.longBitsToDouble(into.longs[at]) + value);
  }

  private NumberAggregates() {}
}
