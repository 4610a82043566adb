package io.millrace.transforms.quality;

import com.google.auto.value.AutoValue;
import io.millrace.transforms.block.GlobalInput;
import java.util.Map;
import org.apache.beam.sdk.Pipeline;
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
import org.joda.time.Duration;

/**
 * Drops events that have come before, as told by an id that their producer gave them: a message
 * that was sent again, a file that was read twice.
 *
 * <p>An event is dropped if one with its id was let through whose timestamp is no farther from its
 * own than the horizon; so of events that all lie within the horizon of each other exactly one goes
 * on, the first to arrive, on every runner and after every restart. An id is remembered at least
 * until the watermark has passed its event's timestamp and the horizon; what comes later still goes
 * on. Timestamps are the events' own, and stay as they are. Input is in the global window.
 *
 * <p>State: for each id of the last horizon its text and a timestamp, some 100 bytes with a timer.
 * How many were dropped is told by {@link Result#counts()}, and counted as {@code events_repeated}.
 * Changes of rows need none of this: their positions tell.
 *
 * <pre>{@code
 * events.apply(DropDuplicates.byId(Event::id).within(Duration.standardHours(24))).distinct();
 * }</pre>
 */
public final class DropDuplicates {

  /**
   * Tells events apart by an id.
   *
   * @param id of an event; never null
   */
  public static <T> ById<T> byId(SerializableFunction<T, String> id) {
    return new AutoValue_DropDuplicates_ById<>(id, Duration.standardDays(1), event -> "");
  }

  /** See {@link DropDuplicates}; the horizon is a day unless another is chosen. */
  @AutoValue
  public abstract static class ById<T> extends PTransform<PCollection<T>, Result<T>> {
    abstract SerializableFunction<T, String> id();

    abstract Duration horizon();

    abstract SerializableFunction<T, String> table();

    /**
     * How far apart two events with the same id may be and still be the same.
     *
     * @throws IllegalArgumentException if it is negative
     */
    public ById<T> within(Duration horizon) {
      if (horizon.getMillis() < 0) {
        throw new IllegalArgumentException("the horizon must be 0 or more, got " + horizon);
      }
      return new AutoValue_DropDuplicates_ById<>(id(), horizon, table());
    }

    /**
     * Counts by table.
     *
     * @param table of an event, or its type, as the ledger is to show it
     */
    public ById<T> countedBy(SerializableFunction<T, String> table) {
      return new AutoValue_DropDuplicates_ById<>(id(), horizon(), table);
    }

    @Override
    public Result<T> expand(PCollection<T> input) {
      GlobalInput.require(input, "DropDuplicates");
      TupleTag<T> distinct = new TupleTag<>("distinct") {};
      PCollectionTuple split =
          input
              .apply("Id", WithKeys.of(id()))
              .setCoder(KvCoder.of(StringUtf8Coder.of(), input.getCoder()))
              .apply(
                  "Drop",
                  ParDo.of(new DropDuplicatesFn<>(horizon(), table()))
                      .withOutputTags(distinct, TupleTagList.of(Result.COUNTS)));
      return new Result<>(
          split.get(distinct).setCoder(input.getCoder()),
          split
              .get(Result.COUNTS)
              .setCoder(KvCoder.of(StringUtf8Coder.of(), ChangeCountsCoder.of())));
    }

    @Override
    public void populateDisplayData(DisplayData.Builder builder) {
      builder.add(DisplayData.item("horizon", horizon()));
    }
  }

  /** What went on, and how much was dropped. */
  public static final class Result<T> implements POutput {
    static final TupleTag<KV<String, ChangeCounts>> COUNTS = new TupleTag<>("counts") {};

    private final PCollection<T> distinct;
    private final PCollection<KV<String, ChangeCounts>> counts;

    private Result(PCollection<T> distinct, PCollection<KV<String, ChangeCounts>> counts) {
      this.distinct = distinct;
      this.counts = counts;
    }

    /** Events that no other was let through for. */
    public PCollection<T> distinct() {
      return distinct;
    }

    /** How many duplicates were dropped, by table and once a bundle; for {@link SumCounts}. */
    public PCollection<KV<String, ChangeCounts>> counts() {
      return counts;
    }

    @Override
    public Pipeline getPipeline() {
      return distinct.getPipeline();
    }

    @Override
    public Map<TupleTag<?>, PValue> expand() {
      return Map.of(new TupleTag<T>("distinct"), distinct, COUNTS, counts);
    }

    @Override
    public void finishSpecifyingOutput(
        String transformName, PInput input, PTransform<?, ?> transform) {}
  }

  private DropDuplicates() {}
}
