package io.millrace.transforms.window;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.beam.sdk.schemas.Schema;
import org.apache.beam.sdk.schemas.Schema.FieldType;
import org.apache.beam.sdk.values.Row;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.joda.time.Instant;

/** Makes rows of results: the key, the window, the pane, the values. */
final class WindowRows<T> implements Serializable {
  private static final long serialVersionUID = 1L;

  static final String WINDOW_START = "window_start";
  static final String WINDOW_END = "window_end";
  static final String PANE = "pane";
  static final String REVISION = "revision";
  static final String RETRACTION = "retraction";
  static final String ELEMENTS = "elements";

  private final KeyLayout<T> keys;
  private final AccumulatorLayout layout;
  private final Schema schema;
  private final int hiddenFrom;

  /**
   * Rows of these keys and aggregates.
   *
   * @param hidden aggregates that are computed, too, and are not in the rows
   * @throws IllegalArgumentException if two fields would have one name
   */
  WindowRows(KeyLayout<T> keys, List<Aggregate<T>> aggregates, List<Aggregate<T>> hidden) {
    this.keys = keys;
    this.hiddenFrom = aggregates.size();
    List<Aggregate<T>> all = new ArrayList<>(aggregates);
    all.addAll(hidden);
    this.layout = new AccumulatorLayout(all);
    Schema.Builder builder = Schema.builder();
    for (Attribute<T> key : keys.attributes()) {
      builder.addField(key.name(), key.type());
    }
    builder
        .addNullableField(WINDOW_START, FieldType.DATETIME)
        .addNullableField(WINDOW_END, FieldType.DATETIME)
        .addStringField(PANE)
        .addInt64Field(REVISION)
        .addBooleanField(RETRACTION)
        .addInt64Field(ELEMENTS);
    for (Aggregate<T> aggregate : aggregates) {
      builder.addField(aggregate.name(), aggregate.type());
    }
    schema = requireDistinct(builder);
  }

  private static Schema requireDistinct(Schema.Builder builder) {
    Schema schema;
    try {
      schema = builder.build();
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "Two fields of the result have one name; its own are "
              + List.of(WINDOW_START, WINDOW_END, PANE, REVISION, RETRACTION, ELEMENTS)
              + ", and those of keys and aggregates must differ: "
              + e.getMessage(),
          e);
    }
    Set<String> names = new HashSet<>(schema.getFieldNames());
    if (names.size() < schema.getFieldCount()) {
      throw new IllegalArgumentException("Two fields of the result have one name: " + schema);
    }
    return schema;
  }

  AccumulatorLayout layout() {
    return layout;
  }

  /** Where, in a row of accumulators, the numbers of a hidden aggregate are. */
  int hiddenAt(int index) {
    return layout.at(hiddenFrom + index);
  }

  Schema schema() {
    return schema;
  }

  /**
   * A row of results.
   *
   * @param key the array that holds the key's bytes
   * @param start the window's start, null for the global window
   * @param end the window's end, null for the global window
   */
  Row row(
      byte[] key,
      int keyOffset,
      int keyLength,
      @Nullable Instant start,
      @Nullable Instant end,
      Pane pane,
      long revision,
      boolean retraction,
      Slots slots,
      int slotRow) {
    @Nullable Object[] values = new Object[schema.getFieldCount()];
    keys.read(key, keyOffset, keyLength, values);
    int at = keys.size();
    values[at] = start;
    values[at + 1] = end;
    values[at + 2] = pane.name();
    values[at + 3] = revision;
    values[at + 4] = retraction;
    values[at + 5] = slots.count(slotRow);
    layout.extract(slots, slotRow, values, at + 6);
    return Row.withSchema(schema).attachValues(values);
  }
}
