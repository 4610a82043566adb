package io.millrace.transforms.window;

import io.millrace.transforms.sketch.DistinctSketch;
import io.millrace.transforms.sketch.QuantilesSketch;
import java.io.Serializable;
import java.util.Objects;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.schemas.Schema.FieldType;
import org.apache.beam.sdk.schemas.SchemaCoder;
import org.apache.beam.sdk.transforms.Combine.CombineFn;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * What is computed of the elements of a window: a field of the result. Several are computed in one
 * pass. Nulls do not count, except for {@link #count(String)}; of nothing but nulls the result is
 * null (a count is 0).
 *
 * <p>Aggregates of attributes that are {@link Attribute#int64} or {@link Attribute#float64} are
 * kept as plain numbers, 8 or 16 bytes for each key and slice; all others as objects, which costs
 * several times as much.
 *
 * @param <T> the elements
 */
public abstract class Aggregate<T> implements Serializable {
  private static final long serialVersionUID = 1L;

  private final String name;
  private final FieldType type;

  Aggregate(String name, FieldType type) {
    this.name = Objects.requireNonNull(name, "name");
    this.type = type;
  }

  /** The number of elements, as INT64. */
  public static <T> Aggregate<T> count(String name) {
    return new NumberAggregates.Count<>(name);
  }

  /** The number of elements whose value is not null, as INT64. */
  public static <T> Aggregate<T> count(String name, Attribute<T> attribute) {
    return attribute.type().getNullable()
        ? new ObjectAggregate<>(name, attribute, new CombineFns.CountFn(), FieldType.INT64)
        : count(name);
  }

  /**
   * The sum: of INT64 as INT64, of DOUBLE as DOUBLE, of DECIMAL as DECIMAL, exact. A sum of
   * floating point depends in its last digits on the order of the elements.
   *
   * @throws IllegalArgumentException if the attribute is of another type
   * @throws ArithmeticException when it runs, if a sum of INT64 leaves its range
   */
  public static <T> Aggregate<T> sum(String name, Attribute<T> attribute) {
    if (attribute.isLong()) {
      return new NumberAggregates.LongSum<>(name, attribute);
    }
    if (attribute.isDouble()) {
      return new NumberAggregates.DoubleSum<>(name, attribute);
    }
    return new ObjectAggregate<>(
        name,
        attribute,
        CombineFns.sum(name, attribute.type()),
        attribute.type().withNullable(true));
  }

  /** The arithmetic mean of numbers, as DOUBLE. */
  public static <T> Aggregate<T> mean(String name, Attribute<T> attribute) {
    return attribute.isLong() || attribute.isDouble()
        ? new NumberAggregates.Mean<>(name, attribute)
        : new ObjectAggregate<>(
            name, attribute, new CombineFns.MomentsFn(false), FieldType.DOUBLE.withNullable(true));
  }

  /**
   * The standard deviation of numbers as a population (the mean square is divided by their number),
   * as DOUBLE. Partial results are joined as in Chan, Golub and LeVeque, "Updating formulae and a
   * pairwise algorithm for computing sample variances" (1979).
   */
  public static <T> Aggregate<T> deviation(String name, Attribute<T> attribute) {
    return attribute.isLong() || attribute.isDouble()
        ? new NumberAggregates.Deviation<>(name, attribute)
        : new ObjectAggregate<>(
            name, attribute, new CombineFns.MomentsFn(true), FieldType.DOUBLE.withNullable(true));
  }

  /**
   * The least value.
   *
   * @throws IllegalArgumentException if values of this type have no order
   */
  public static <T> Aggregate<T> min(String name, Attribute<T> attribute) {
    return extreme(name, attribute, false);
  }

  /**
   * The greatest value.
   *
   * @throws IllegalArgumentException if values of this type have no order
   */
  public static <T> Aggregate<T> max(String name, Attribute<T> attribute) {
    return extreme(name, attribute, true);
  }

  private static <T> Aggregate<T> extreme(String name, Attribute<T> attribute, boolean greatest) {
    return attribute.isLong() || attribute.isDouble()
        ? new NumberAggregates.Extreme<>(name, attribute, greatest)
        : new ObjectAggregate<>(
            name,
            attribute,
            new CombineFns.ExtremeFn(name, attribute.type(), greatest),
            attribute.type().withNullable(true));
  }

  /**
   * The value of the element with the earliest time; of several at that time, the least value, so
   * that the order of arrival does not matter.
   *
   * @throws IllegalArgumentException if values of this type have no order
   */
  public static <T> Aggregate<T> first(String name, Attribute<T> attribute) {
    return new TimedAggregate<>(name, attribute, false);
  }

  /**
   * The value of the element with the latest time; of several at that time, the greatest value.
   *
   * @throws IllegalArgumentException if values of this type have no order
   */
  public static <T> Aggregate<T> last(String name, Attribute<T> attribute) {
    return new TimedAggregate<>(name, attribute, true);
  }

  /**
   * The exact number of different values, as INT64. It keeps all of them: for many, take a sketch.
   */
  public static <T> Aggregate<T> distinct(String name, Attribute<T> attribute) {
    return new ObjectAggregate<>(
        name, attribute, new CombineFns.DistinctFn(attribute.type()), FieldType.INT64);
  }

  /**
   * About how many different values there are, as INT64, within 1.6 % (two standard deviations) of
   * the truth: see {@link DistinctSketch}, which can also be kept.
   */
  public static <T> Aggregate<T> approximateDistinct(String name, Attribute<T> attribute) {
    return combine(
        name,
        attribute,
        DistinctSketch.ofValues(SchemaCoder.coderForFieldType(attribute.type().withNullable(false)))
            .toEstimate(),
        FieldType.INT64);
  }

  /**
   * About the value below which a share of all numbers is, as DOUBLE: see {@link QuantilesSketch}.
   * The sketch draws lots where it is full, so two runs may differ within its bound, and so may, in
   * windows of several slices, a result and its retraction.
   *
   * @param rank the share, from 0 to 1; 0.5 is the median
   */
  public static <T> Aggregate<T> quantile(String name, Attribute<T> attribute, double rank) {
    return combine(
        name,
        attribute,
        QuantilesSketch.<Number>ofNumbers().toQuantile(rank),
        FieldType.DOUBLE.withNullable(true));
  }

  /**
   * What one of Beam's {@link CombineFn}s makes of the values that are not null.
   *
   * @param output the type of its result in Beam's schemas, which is given in the Java class that a
   *     row has it in
   */
  public static <T, V, A, R> Aggregate<T> combine(
      String name, Attribute<T> attribute, CombineFn<V, A, R> combine, FieldType output) {
    return new ObjectAggregate<>(name, attribute, combine, output);
  }

  final String name() {
    return name;
  }

  final FieldType type() {
    return type;
  }

  /** How many numbers a row holds of it. */
  abstract int longs();

  /** The coder of its object, null where it has none. */
  abstract @Nullable Coder<Object> objectCoder();

  /**
   * Adds an element to a row.
   *
   * @param first whether the row has no element yet
   * @param at where its numbers are
   * @param objectAt where its object is
   */
  abstract void add(T element, long millis, boolean first, Slots into, int at, int objectAt);

  /** Adds a row to another, and leaves it as it is. */
  abstract void merge(
      boolean first, Slots into, int at, int objectAt, Slots from, int fromAt, int fromObjectAt);

  /** The result of a row that has some elements. */
  abstract @Nullable Object extract(Slots slots, int at, int objectAt, long count);
}
