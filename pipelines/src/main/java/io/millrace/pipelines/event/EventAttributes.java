package io.millrace.pipelines.event;

import io.millrace.transforms.sketch.Frequency;
import io.millrace.transforms.sketch.FrequentItemsSketch;
import io.millrace.transforms.window.Aggregate;
import io.millrace.transforms.window.Attribute;
import java.util.List;
import org.apache.beam.sdk.coders.CannotProvideCoderException;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.CoderRegistry;
import org.apache.beam.sdk.schemas.Schema;
import org.apache.beam.sdk.schemas.Schema.FieldType;
import org.apache.beam.sdk.transforms.Combine.CombineFn;
import org.apache.beam.sdk.values.Row;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Columns of events as what aggregates take: numbers as wide as sums of them may be. */
final class EventAttributes {
  private static final Schema TOP =
      Schema.builder()
          .addStringField("item")
          .addInt64Field("count")
          .addInt64Field("atLeast")
          .addInt64Field("atMost")
          .build();

  /** A column; whole numbers as INT64, of floating point as DOUBLE. */
  static Attribute<Row> of(Schema schema, String field) {
    FieldType type = schema.getField(field).getType();
    return switch (type.getTypeName()) {
      case INT16, INT32, INT64 ->
          Attribute.of(
              field,
              FieldType.INT64.withNullable(true),
              row -> {
                @Nullable Number number = row.getValue(field);
                return number == null ? null : number.longValue();
              });
      case FLOAT, DOUBLE ->
          Attribute.of(
              field,
              FieldType.DOUBLE.withNullable(true),
              row -> {
                @Nullable Number number = row.getValue(field);
                return number == null ? null : number.doubleValue();
              });
      default -> Attribute.of(field, type, row -> row.getValue(field));
    };
  }

  /** The most frequent values: rows of item, count and its bounds, the most frequent first. */
  static Aggregate<Row> top(String name, Attribute<Row> attribute, int count) {
    return Aggregate.combine(
        name,
        attribute,
        new TopFn<>(FrequentItemsSketch.ofTexts().toTop(count)),
        FieldType.array(FieldType.row(TOP)));
  }

  /** Counts values of any type by their text. */
  private static final class TopFn<A> extends CombineFn<Object, A, List<Row>> {
    private static final long serialVersionUID = 1L;

    private final CombineFn<String, A, List<Frequency<String>>> texts;

    TopFn(CombineFn<String, A, List<Frequency<String>>> texts) {
      this.texts = texts;
    }

    @Override
    public A createAccumulator() {
      return texts.createAccumulator();
    }

    @Override
    public A addInput(A accumulator, Object input) {
      return texts.addInput(accumulator, input.toString());
    }

    @Override
    public A mergeAccumulators(Iterable<A> accumulators) {
      return texts.mergeAccumulators(accumulators);
    }

    @Override
    public List<Row> extractOutput(A accumulator) {
      return texts.extractOutput(accumulator).stream()
          .map(
              top ->
                  Row.withSchema(TOP)
                      .addValues(top.item(), top.estimate(), top.lowerBound(), top.upperBound())
                      .build())
          .toList();
    }

    @Override
    public Coder<A> getAccumulatorCoder(CoderRegistry registry, Coder<Object> inputCoder)
        throws CannotProvideCoderException {
      return texts.getAccumulatorCoder(registry, null);
    }
  }

  private EventAttributes() {}
}
