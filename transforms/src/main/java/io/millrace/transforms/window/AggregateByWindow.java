package io.millrace.transforms.window;

import com.google.auto.value.AutoValue;
import io.millrace.transforms.block.Buckets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.schemas.Schema;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.display.DisplayData;
import org.apache.beam.sdk.transforms.windowing.GlobalWindows;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.PInput;
import org.apache.beam.sdk.values.POutput;
import org.apache.beam.sdk.values.PValue;
import org.apache.beam.sdk.values.Row;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.TupleTagList;

/**
 * Computes aggregates of the elements of each key in {@link Windows} of event time.
 *
 * <p>Results are rows: the key's attributes, {@code window_start} and {@code window_end} (DATETIME,
 * UTC, the end excluded; null for the global window), {@code pane} (the name of a {@link Pane}),
 * {@code revision} (INT64: 0 for the first result of a key's window, one more with each further
 * one; a retraction has that of the result it voids), {@code retraction} (BOOLEAN), and one field
 * for each aggregate. Their timestamp is the window's last millisecond.
 *
 * <p>Order and duplicates: the order does not matter; what comes twice counts twice. Lateness: see
 * {@link LatePolicy}. A window gives its result once the watermark has passed its last millisecond,
 * and is over when the watermark is the allowed lateness further; what comes then is in {@link
 * Result#tooLate()}, summed up by key and window. Nothing is dropped by the runner: input and state
 * are in the global window.
 *
 * <p>How: elements are summed up by key and slice before the shuffle, and cross it packed by bucket
 * of keys; a slice is the longest span of which every window is a whole number. So a hopping window
 * costs as much as a tumbling one until it closes, and many elements of one key are one row.
 *
 * <p>State: for each slice and key the key's bytes, 8 bytes for each number, and some 14; freed
 * when the slice's last window is over. For each key and window that was corrected or given early,
 * the same and some 17 more. A runner's store holds a value for each bucket and slice.
 *
 * <pre>{@code
 * PCollection<Row> revenue =
 *     orders
 *         .apply(
 *             AggregateByWindow.<Order>in(Windows.tumbling(Duration.standardHours(1)))
 *                 .by(Attribute.string("country", Order::country))
 *                 .compute(
 *                     Aggregate.count("orders"),
 *                     Aggregate.sum("revenue", Attribute.int64("cents", Order::cents)))
 *                 .withLatePolicy(LatePolicy.allowing(Duration.standardDays(1))))
 *         .results();
 * }</pre>
 */
public final class AggregateByWindow {
  static final KvCoder<Integer, byte[]> PACKED_CODER =
      KvCoder.of(VarIntCoder.of(), ByteArrayCoder.of());

  /** The number of buckets unless another is chosen. */
  public static final int DEFAULT_BUCKETS = 64;

  /** Aggregates in these windows; {@link Aggregation#compute} must follow. */
  public static <T> Aggregation<T> in(Windows windows) {
    return new AutoValue_AggregateByWindow_Aggregation.Builder<T>()
        .setWindows(windows)
        .setKeys(List.of())
        .setAggregates(List.of())
        .setLatePolicy(LatePolicy.onTimeOnly())
        .setBuckets(DEFAULT_BUCKETS)
        .build();
  }

  /** See {@link AggregateByWindow#in}. */
  @AutoValue
  public abstract static class Aggregation<T> extends PTransform<PCollection<T>, Result> {
    abstract Windows windows();

    abstract List<Attribute<T>> keys();

    abstract List<Aggregate<T>> aggregates();

    abstract LatePolicy latePolicy();

    abstract int buckets();

    abstract Builder<T> toBuilder();

    /** The attributes that make up the key; none by default: all elements are of one key. */
    @SafeVarargs
    @SuppressWarnings("varargs")
    public final Aggregation<T> by(Attribute<T>... keys) {
      return toBuilder().setKeys(List.copyOf(Arrays.asList(keys))).build();
    }

    /** What is computed, in the order of the result's fields. */
    @SafeVarargs
    @SuppressWarnings("varargs")
    public final Aggregation<T> compute(Aggregate<T>... aggregates) {
      return toBuilder().setAggregates(List.copyOf(Arrays.asList(aggregates))).build();
    }

    /** When results are given, and what late elements do; by default there is one, on time. */
    public Aggregation<T> withLatePolicy(LatePolicy policy) {
      return toBuilder().setLatePolicy(policy).build();
    }

    /**
     * Sets the number of buckets of keys, which bounds the parallelism. It is part of a job's state
     * and stays as it is for the job's life.
     *
     * @throws IllegalArgumentException if it is not from 1 to 32,768
     */
    public Aggregation<T> withBuckets(int buckets) {
      return toBuilder().setBuckets(Buckets.check(buckets)).build();
    }

    /** The schema of the results. */
    public Schema schema() {
      return rows().schema();
    }

    private WindowRows<T> rows() {
      List<Aggregate<T>> hidden =
          windows().kind() == Windows.Kind.SESSIONS
              ? List.of(new NumberAggregates.Time<>(false), new NumberAggregates.Time<>(true))
              : List.of();
      return new WindowRows<>(new KeyLayout<>(keys()), aggregates(), hidden);
    }

    /**
     * @throws IllegalArgumentException if nothing is to be computed, if two fields of the result
     *     have one name, or if the input is not in the global window
     */
    @Override
    public Result expand(PCollection<T> input) {
      if (aggregates().isEmpty()) {
        throw new IllegalArgumentException("compute is needed: no aggregate was given");
      }
      if (!(input.getWindowingStrategy().getWindowFn() instanceof GlobalWindows)) {
        throw new IllegalArgumentException(
            "AggregateByWindow makes windows itself and needs its input in the global window, got "
                + input.getWindowingStrategy().getWindowFn());
      }
      WindowRows<T> rows = rows();
      Slices slices = new Slices(windows());
      PCollectionTuple results =
          input
              .apply(
                  "Pack",
                  ParDo.of(
                      new PackSlicesFn<>(
                          slices, new KeyLayout<>(keys()), rows.layout(), buckets())))
              .setCoder(PACKED_CODER)
              .apply(
                  "Aggregate",
                  ParDo.of(aggregate(slices, rows))
                      .withOutputTags(Result.RESULTS, TupleTagList.of(Result.TOO_LATE)));
      return new Result(
          results.get(Result.RESULTS).setRowSchema(rows.schema()),
          results.get(Result.TOO_LATE).setRowSchema(rows.schema()));
    }

    private DoFn<KV<Integer, byte[]>, Row> aggregate(Slices slices, WindowRows<T> rows) {
      return switch (windows().kind()) {
        case HOPPING, GLOBAL ->
            new AggregateSlicesFn<>(slices, latePolicy(), rows, Result.RESULTS, Result.TOO_LATE);
        case SESSIONS, TRAILING, FROM_OLDEST ->
            new AggregateRunsFn<>(
                new Runs(windows()), latePolicy(), rows, Result.RESULTS, Result.TOO_LATE);
      };
    }

    @Override
    public void populateDisplayData(DisplayData.Builder builder) {
      builder
          .add(DisplayData.item("windows", windows().toString()))
          .add(DisplayData.item("by", names(keys().stream().map(Attribute::name).toList())))
          .add(
              DisplayData.item(
                  "compute", names(aggregates().stream().map(Aggregate::name).toList())))
          .add(DisplayData.item("allowedLateness", latePolicy().allowedLateness()))
          .addIfNotNull(DisplayData.item("earlyFirings", latePolicy().earlyFirings()))
          .addIfNotDefault(DisplayData.item("earlyElements", latePolicy().earlyElements()), 0)
          .addIfNotNull(DisplayData.item("lateFirings", latePolicy().lateFirings()))
          .add(DisplayData.item("corrections", latePolicy().corrections().name()))
          .add(DisplayData.item("buckets", buckets()));
    }

    private static String names(List<String> names) {
      return names.stream().collect(Collectors.joining(", "));
    }

    @AutoValue.Builder
    abstract static class Builder<T> {
      abstract Builder<T> setWindows(Windows windows);

      abstract Builder<T> setKeys(List<Attribute<T>> keys);

      abstract Builder<T> setAggregates(List<Aggregate<T>> aggregates);

      abstract Builder<T> setLatePolicy(LatePolicy policy);

      abstract Builder<T> setBuckets(int buckets);

      abstract Aggregation<T> build();
    }
  }

  /** The results of windows, and what came too late for them. */
  public static final class Result implements POutput {
    static final TupleTag<Row> RESULTS = new TupleTag<>("results") {};
    static final TupleTag<Row> TOO_LATE = new TupleTag<>("tooLate") {};

    private final PCollection<Row> results;
    private final PCollection<Row> tooLate;

    private Result(PCollection<Row> results, PCollection<Row> tooLate) {
      this.results = results;
      this.tooLate = tooLate;
    }

    /** The results, of the schema that {@link AggregateByWindow} describes. */
    public PCollection<Row> results() {
      return results;
    }

    /**
     * What windows that are over would have gained: rows like results whose pane is {@link
     * Pane#TOO_LATE}, with the aggregates of those elements alone. To keep the elements themselves,
     * put {@code RouteLate} before the aggregation.
     */
    public PCollection<Row> tooLate() {
      return tooLate;
    }

    @Override
    public Pipeline getPipeline() {
      return results.getPipeline();
    }

    @Override
    public Map<TupleTag<?>, PValue> expand() {
      return Map.of(RESULTS, results, TOO_LATE, tooLate);
    }

    @Override
    public void finishSpecifyingOutput(
        String transformName, PInput input, PTransform<?, ?> transform) {}
  }

  private AggregateByWindow() {}
}
