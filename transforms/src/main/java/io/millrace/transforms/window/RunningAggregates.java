package io.millrace.transforms.window;

import io.millrace.schemas.wire.ByteReader;
import io.millrace.schemas.wire.ByteWriter;
import java.io.Serializable;
import java.util.List;
import org.apache.beam.sdk.schemas.Schema;
import org.apache.beam.sdk.values.Row;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Aggregates of all elements so far, for those who keep them in state of their own: the same
 * functions as in windows. Accumulators are bytes that never change; to add an element makes
 * others.
 *
 * <p>Elements are added in their order: {@link Aggregate#first} and {@link Aggregate#last} take the
 * first and the last that has a value, and nothing else tells their time.
 *
 * <p>The bytes are a version, a hash of the definition (4 bytes, big-endian), and the row as
 * windows keep it: the count, the numbers, the objects. They cost what the aggregates do, and 6
 * bytes.
 *
 * <pre>{@code
 * RunningAggregates<Row> totals =
 *     RunningAggregates.of("count, sum(amount)", List.of(Aggregate.count("orders"), ...));
 * byte[] accumulators = totals.add(totals.add(null, first), second);
 * Row row = totals.row(accumulators);
 * }</pre>
 *
 * @param <T> the elements
 */
public final class RunningAggregates<T> implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final int VERSION = 1;

  private final String definition;
  private final AccumulatorLayout layout;
  private final Schema schema;

  private RunningAggregates(String definition, List<Aggregate<T>> aggregates) {
    this.definition = definition;
    this.layout = new AccumulatorLayout(aggregates);
    Schema.Builder builder = Schema.builder();
    aggregates.forEach(aggregate -> builder.addField(aggregate.name(), aggregate.type()));
    this.schema = builder.build();
  }

  /**
   * Computes these aggregates.
   *
   * @param definition what is computed, in words that are others when it is another: accumulators
   *     of another definition are refused
   * @throws IllegalArgumentException if two have one name
   */
  public static <T> RunningAggregates<T> of(String definition, List<Aggregate<T>> aggregates) {
    return new RunningAggregates<>(definition, aggregates);
  }

  /** A field for each aggregate, in their order. */
  public Schema schema() {
    return schema;
  }

  /**
   * Adds an element.
   *
   * @param accumulators of those before it, null if it is the first; they stay as they are
   * @throws IllegalStateException if the accumulators are of another definition
   */
  public byte[] add(byte @Nullable [] accumulators, T element) {
    Slots slots = accumulators == null ? new Slots(layout, 1) : read(accumulators);
    layout.add(element, slots.count(0), slots, 0);
    ByteWriter out = new ByteWriter(8 + 16 * layout.longs() + 32 * layout.objects());
    out.writeByte(VERSION);
    out.writeInt(definition.hashCode());
    layout.write(slots, 0, out);
    return out.toByteArray();
  }

  /**
   * The results.
   *
   * @throws IllegalStateException if the accumulators are of another definition
   */
  public Row row(byte[] accumulators) {
    @Nullable Object[] values = new Object[schema.getFieldCount()];
    layout.extract(read(accumulators), 0, values, 0);
    return Row.withSchema(schema).attachValues(values);
  }

  private Slots read(byte[] accumulators) {
    ByteReader in = new ByteReader(accumulators);
    int version = in.readByte();
    if (version != VERSION) {
      throw new IllegalStateException(
          "Running aggregates have version " + version + ", which this code does not know");
    }
    if (in.readInt() != definition.hashCode()) {
      throw new IllegalStateException(
          "The state holds running aggregates of another definition than "
              + definition
              + "; start anew, without the state, when the definition changes");
    }
    Slots slots = new Slots(layout, 1);
    layout.read(in, slots, 0);
    return slots;
  }
}
