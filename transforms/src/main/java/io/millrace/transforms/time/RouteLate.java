package io.millrace.transforms.time;

import com.google.auto.value.AutoValue;
import io.millrace.transforms.block.Buckets;
import io.millrace.transforms.block.GlobalInput;
import io.millrace.transforms.block.PackByKey;
import io.millrace.transforms.block.PackInTurn;
import java.util.Map;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.SerializableFunction;
import org.apache.beam.sdk.transforms.WithKeys;
import org.apache.beam.sdk.transforms.display.DisplayData;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.PInput;
import org.apache.beam.sdk.values.POutput;
import org.apache.beam.sdk.values.PValue;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.TupleTagList;
import org.apache.beam.sdk.values.TypeDescriptors;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.joda.time.Duration;

/**
 * Routes events that are later than their window can still take to an output of their own.
 *
 * <p>A runner drops such events and only counts them. Placed before the aggregation, this transform
 * hands them to {@link Result#tooLate()}, so that they can be stored, counted and replayed. An
 * event is too late if its timestamp is before the watermark, as it is here when the event comes,
 * less the allowed lateness. A window ends no earlier than the events in it, and a watermark comes
 * no later here than after it; so what goes on is never too late for an aggregation with the same
 * allowed lateness, and what that could just have taken may be handed over here. On time and too
 * late together are all that came.
 *
 * <p>Order: events cross a shuffle in packets and are mixed; those of a key keep their order if
 * {@link Split#withKey} tells it. Duplicates pass through. Timestamps stay as they are, also those
 * of late ones. Which events are late depends on when they come, so no replay need tell the same
 * ones. Bounded input has no watermark before its end, and nothing of it is late.
 *
 * <p>State: none for events. The sums of {@link Result#counts()} take some 100 bytes for each
 * source and hour of event time; an hour is freed when the watermark has passed it by 31 days, and
 * what still comes of it is counted as {@link LateCounts#EARLIER}. Input is in the global window.
 * Also counted as {@code events_too_late}.
 *
 * <pre>{@code
 * RouteLate.Result<Order> orders = input.apply(RouteLate.<Order>after(Duration.standardMinutes(10)));
 * orders.onTime().apply(AggregateByWindow.in(Windows.tumbling(Duration.standardHours(1)))...);
 * orders.tooLate().apply(ParDo.of(new StoreFn()));
 * }</pre>
 */
public final class RouteLate {
  private static final int BUCKETS = 64;

  /**
   * Routes what is farther behind the watermark than this.
   *
   * @param allowedLateness how far behind the watermark an event may be; zero or more
   * @throws IllegalArgumentException if {@code allowedLateness} is negative
   */
  public static <T> Split<T> after(Duration allowedLateness) {
    if (allowedLateness.getMillis() < 0) {
      throw new IllegalArgumentException(
          "allowedLateness must be 0 or more, got " + allowedLateness);
    }
    return new AutoValue_RouteLate_Split.Builder<T>()
        .setAllowedLateness(allowedLateness)
        .setSource(event -> "")
        .setBuckets(BUCKETS)
        .build();
  }

  /** See {@link RouteLate}. */
  @AutoValue
  public abstract static class Split<T> extends PTransform<PCollection<T>, Result<T>> {
    abstract Duration allowedLateness();

    abstract @Nullable SerializableFunction<T, String> key();

    abstract SerializableFunction<T, String> source();

    abstract int buckets();

    abstract Builder<T> toBuilder();

    /** Keeps events of the same key in the order in which they come. */
    public Split<T> withKey(SerializableFunction<T, String> key) {
      return toBuilder().setKey(key).build();
    }

    /**
     * Counts by source.
     *
     * @param source of an event: a topic, a site, a kind of device; each of them takes state
     */
    public Split<T> countedBy(SerializableFunction<T, String> source) {
      return toBuilder().setSource(source).build();
    }

    /**
     * Sets the number of buckets, which bounds the parallelism; 64 by default.
     *
     * @throws IllegalArgumentException if it is not from 1 to 32,768
     */
    public Split<T> withBuckets(int buckets) {
      return toBuilder().setBuckets(Buckets.check(buckets)).build();
    }

    @Override
    public Result<T> expand(PCollection<T> input) {
      GlobalInput.require(input, "RouteLate");
      Coder<T> coder = input.getCoder();
      TupleTag<T> onTime = new TupleTag<>("onTime") {};
      TupleTag<LateElement<T>> tooLate = new TupleTag<>("tooLate") {};
      TupleTag<LateCounts> counts = new TupleTag<>("counts") {};
      PCollectionTuple routed =
          pack(input)
              .apply(
                  "Route",
                  ParDo.of(
                          new RouteFn<>(
                              coder, allowedLateness(), source(), onTime, tooLate, counts))
                      .withOutputTags(onTime, TupleTagList.of(tooLate).and(counts)));
      PCollection<LateCounts> additions = routed.get(counts).setCoder(LateCountsCoder.of());
      PCollection<LateCounts> sums =
          additions
              .apply(
                  "ByHour",
                  WithKeys.<KV<String, Long>, LateCounts>of(
                          sum -> KV.of(sum.source(), sum.hour().getMillis()))
                      .withKeyType(
                          TypeDescriptors.kvs(TypeDescriptors.strings(), TypeDescriptors.longs())))
              .setCoder(KvCoder.of(SumLateCountsFn.KEY_CODER, LateCountsCoder.of()))
              .apply("Sum", ParDo.of(new SumLateCountsFn()))
              .setCoder(LateCountsCoder.of());
      return new Result<>(
          routed.get(onTime).setCoder(coder),
          routed.get(tooLate).setCoder(LateElementCoder.of(coder)),
          sums,
          additions);
    }

    private PCollection<KV<Integer, byte[]>> pack(PCollection<T> input) {
      SerializableFunction<T, String> key = key();
      return key == null
          ? input.apply("Pack", PackInTurn.over(buckets()))
          : input
              .apply("Key", WithKeys.of(key).withKeyType(TypeDescriptors.strings()))
              .setCoder(KvCoder.of(StringUtf8Coder.of(), input.getCoder()))
              .apply("Pack", PackByKey.into(buckets()));
    }

    @Override
    public void populateDisplayData(DisplayData.Builder builder) {
      builder
          .add(DisplayData.item("allowedLateness", allowedLateness()))
          .add(DisplayData.item("keyed", key() != null))
          .add(DisplayData.item("buckets", buckets()));
    }

    @AutoValue.Builder
    abstract static class Builder<T> {
      abstract Builder<T> setAllowedLateness(Duration allowedLateness);

      abstract Builder<T> setKey(SerializableFunction<T, String> key);

      abstract Builder<T> setSource(SerializableFunction<T, String> source);

      abstract Builder<T> setBuckets(int buckets);

      abstract Split<T> build();
    }
  }

  /** What came in time, what did not, and how much of either. */
  public static final class Result<T> implements POutput {
    private final PCollection<T> onTime;
    private final PCollection<LateElement<T>> tooLate;
    private final PCollection<LateCounts> counts;
    private final PCollection<LateCounts> additions;

    private Result(
        PCollection<T> onTime,
        PCollection<LateElement<T>> tooLate,
        PCollection<LateCounts> counts,
        PCollection<LateCounts> additions) {
      this.onTime = onTime;
      this.tooLate = tooLate;
      this.counts = counts;
      this.additions = additions;
    }

    /** Events that are no later than is allowed. */
    public PCollection<T> onTime() {
      return onTime;
    }

    /** Events that are later, and how late they are. */
    public PCollection<LateElement<T>> tooLate() {
      return tooLate;
    }

    /** Totals by source and hour of event time, whenever one of them has grown. */
    public PCollection<LateCounts> counts() {
      return counts;
    }

    /** What each bundle adds to the totals: of all events that came, each once. */
    public PCollection<LateCounts> additions() {
      return additions;
    }

    @Override
    public Pipeline getPipeline() {
      return onTime.getPipeline();
    }

    @Override
    public Map<TupleTag<?>, PValue> expand() {
      return Map.of(
          new TupleTag<T>("onTime"), onTime,
          new TupleTag<LateElement<T>>("tooLate"), tooLate,
          new TupleTag<LateCounts>("counts"), counts,
          new TupleTag<LateCounts>("additions"), additions);
    }

    @Override
    public void finishSpecifyingOutput(
        String transformName, PInput input, PTransform<?, ?> transform) {}
  }

  private RouteLate() {}
}
