package io.millrace.transforms.sketch;

import org.apache.beam.sdk.values.KV;
import org.apache.datasketches.common.ArrayOfItemsSerDe;
import org.apache.datasketches.common.ArrayOfLongsSerDe;
import org.apache.datasketches.common.ArrayOfStringsSerDe;
import org.apache.datasketches.frequencies.ItemsSketch;
import org.apache.datasketches.memory.Memory;

/** Frequent items sketches, whose map has at most {@code maxMapSize} places. */
record FrequentItemsFamily<T extends Comparable<T>>(ItemType type, int maxMapSize)
    implements SketchFamily<ItemsSketch<T>> {
  private static final long serialVersionUID = 1L;

  /** What the items are. */
  enum ItemType {
    TEXT,
    LONG
  }

  static {
    NewerJava.admit();
  }

  static <T> ItemsSketch<T> add(ItemsSketch<T> sketch, T item) {
    sketch.update(item);
    return sketch;
  }

  static <T> ItemsSketch<T> addWeighted(ItemsSketch<T> sketch, KV<T, Long> weighted) {
    if (weighted.getValue() < 0) {
      throw new IllegalArgumentException(
          "The weight of an item must be 0 or more, got %s for %s; leave such items out before"
              .formatted(weighted.getValue(), weighted.getKey()));
    }
    sketch.update(weighted.getKey(), weighted.getValue());
    return sketch;
  }

  @Override
  public String name() {
    return "frequent items";
  }

  @Override
  public ItemsSketch<T> empty() {
    return new ItemsSketch<>(maxMapSize);
  }

  @Override
  public ItemsSketch<T> merge(ItemsSketch<T> into, ItemsSketch<T> other) {
    if (into.isEmpty() && !other.isEmpty()) {
      return parse(write(other)); // So that it keeps its size.
    }
    return into.merge(other);
  }

  @Override
  public byte[] write(ItemsSketch<T> sketch) {
    return sketch.toByteArray(items());
  }

  @Override
  public ItemsSketch<T> parse(byte[] bytes) {
    return ItemsSketch.getInstance(Memory.wrap(bytes), items());
  }

  @SuppressWarnings("unchecked") // The type of items is chosen with T.
  private ArrayOfItemsSerDe<T> items() {
    return (ArrayOfItemsSerDe<T>)
        switch (type) {
          case TEXT -> new ArrayOfStringsSerDe();
          case LONG -> new ArrayOfLongsSerDe();
        };
  }
}
