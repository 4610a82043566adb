package io.millrace.transforms.window;

import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.NullableCoder;
import org.apache.beam.sdk.schemas.Schema.FieldType;
import org.apache.beam.sdk.schemas.SchemaCoder;
import org.checkerframework.checker.nullness.qual.Nullable;

/** The value of the earliest or the latest element that has one. */
final class TimedAggregate<T> extends Aggregate<T> {
  private static final long serialVersionUID = 1L;

  private final Attribute<T> attribute;
  private final boolean isLast;
  private final ValueOrder order;
  private final Coder<Object> coder;

  @SuppressWarnings("unchecked")
  TimedAggregate(String name, Attribute<T> attribute, boolean isLast) {
    super(name, attribute.type().withNullable(true));
    this.attribute = attribute;
    this.isLast = isLast;
    this.order = ValueOrder.of(name, attribute.type());
    FieldType type = attribute.type().withNullable(false);
    this.coder = NullableCoder.of(SchemaCoder.coderForFieldType(type));
  }

  @Override
  int longs() {
    return 1;
  }

  @Override
  Coder<Object> objectCoder() {
    return coder;
  }

  @Override
  void add(T element, long millis, boolean first, Slots into, int at, int objectAt) {
    offer(millis, attribute.valueOf(element), into, at, objectAt);
  }

  @Override
  void merge(
      boolean first, Slots into, int at, int objectAt, Slots from, int fromAt, int fromObjectAt) {
    offer(from.longs[fromAt], from.objects[fromObjectAt], into, at, objectAt);
  }

  private void offer(long millis, @Nullable Object value, Slots into, int at, int objectAt) {
    if (value == null) {
      return;
    }
    Object old = into.objects[objectAt];
    int comparison = old == null ? 0 : Long.compare(millis, into.longs[at]);
    if (old != null && comparison == 0) {
      comparison = order.compare(value, old);
    }
    if (old == null || isLast == comparison > 0) {
      into.longs[at] = millis;
      into.objects[objectAt] = value;
    }
  }

  @Override
  @Nullable Object extract(Slots slots, int at, int objectAt, long count) {
    return slots.objects[objectAt];
  }
}
