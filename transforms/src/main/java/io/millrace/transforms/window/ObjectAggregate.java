package io.millrace.transforms.window;

import java.util.List;
import org.apache.beam.sdk.coders.CannotProvideCoderException;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.CoderException;
import org.apache.beam.sdk.coders.CoderRegistry;
import org.apache.beam.sdk.schemas.Schema.FieldType;
import org.apache.beam.sdk.schemas.SchemaCoder;
import org.apache.beam.sdk.transforms.Combine.CombineFn;
import org.apache.beam.sdk.util.CoderUtils;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * What a {@link CombineFn} computes; its accumulators are objects. One that is merged into another
 * is cloned through its coder first, since a CombineFn may change all that it is given.
 */
final class ObjectAggregate<T, V, A, R> extends Aggregate<T> {
  private static final long serialVersionUID = 1L;

  private final Attribute<T> attribute;
  private final CombineFn<V, A, R> combine;
  private final Coder<A> coder;

  ObjectAggregate(
      String name, Attribute<T> attribute, CombineFn<V, A, R> combine, FieldType output) {
    super(name, output);
    this.attribute = attribute;
    this.combine = combine;
    this.coder = coder(name, attribute, combine);
  }

  @SuppressWarnings("unchecked")
  private static <T, V, A> Coder<A> coder(
      String name, Attribute<T> attribute, CombineFn<V, A, ?> combine) {
    try {
      return combine.getAccumulatorCoder(
          CoderRegistry.createDefault(),
          SchemaCoder.coderForFieldType(attribute.type().withNullable(false)));
    } catch (CannotProvideCoderException e) {
      throw new IllegalArgumentException(
          "The aggregate "
              + name
              + " has no coder for its accumulators; override getAccumulatorCoder in "
              + combine.getClass().getName(),
          e);
    }
  }

  @Override
  int longs() {
    return 0;
  }

  @Override
  @SuppressWarnings("unchecked")
  Coder<Object> objectCoder() {
    return (Coder<Object>) coder;
  }

  @Override
  @SuppressWarnings("unchecked")
  void add(T element, long millis, boolean first, Slots into, int at, int objectAt) {
    Object value = attribute.valueOf(element);
    A accumulator = (A) into.objects[objectAt];
    if (accumulator == null) {
      accumulator = combine.createAccumulator();
    }
    into.objects[objectAt] = value == null ? accumulator : combine.addInput(accumulator, (V) value);
  }

  @Override
  @SuppressWarnings("unchecked")
  void merge(
      boolean first, Slots into, int at, int objectAt, Slots from, int fromAt, int fromObjectAt) {
    A other = clone((A) from.objects[fromObjectAt]);
    into.objects[objectAt] =
        first ? other : combine.mergeAccumulators(List.of((A) into.objects[objectAt], other));
  }

  private A clone(A accumulator) {
    if (combine instanceof CombineFns.OfValues) {
      return accumulator;
    }
    try {
      return CoderUtils.clone(coder, accumulator);
    } catch (CoderException e) {
      throw new IllegalStateException(
          "The accumulator of " + name() + " cannot be encoded by " + coder, e);
    }
  }

  @Override
  @SuppressWarnings("unchecked")
  @Nullable Object extract(Slots slots, int at, int objectAt, long count) {
    // Some CombineFns change an accumulator when they take the result from it.
    return combine.extractOutput(clone((A) slots.objects[objectAt]));
  }
}
