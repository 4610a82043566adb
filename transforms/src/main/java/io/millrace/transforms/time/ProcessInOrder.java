package io.millrace.transforms.time;

import com.google.auto.value.AutoValue;
import io.millrace.transforms.block.Buckets;
import io.millrace.transforms.block.GlobalInput;
import io.millrace.transforms.block.PackByKey;
import java.util.Map;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
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
 * Hands each key's events to a {@link KeyProcess} in order of time: the building block of {@link
 * CorrectClockSkew} and of the transforms in {@link io.millrace.transforms.pattern}.
 *
 * <p>Events wait until the watermark has passed them; those that come after it go to {@link
 * Result#tooLate()}. So what is made of the others depends on which they are, not on when or in
 * what order they came. Events of the same time are in the order of their bytes as encoded.
 * Duplicates are events like others. The watermark waits for events that wait. Input is in the
 * global window, and its keys have a deterministic coder.
 *
 * <p>State, by bucket of keys: the events that wait, some 60 bytes each and what they take encoded,
 * as one value, which suits state on the heap; and of each key what the process keeps, an entry of
 * its own. The process frees it, for which {@link Ordered#withTurnEvery} gives it the occasion.
 */
public final class ProcessInOrder {

  /** Processes with this, whose outputs have this coder. */
  public static <K, V, OutputT> Ordered<K, V, OutputT> with(
      KeyProcess<OutputT> process, Coder<OutputT> coder) {
    return new AutoValue_ProcessInOrder_Ordered.Builder<K, V, OutputT>()
        .setProcess(process)
        .setCoder(coder)
        .setTurnEvery(Duration.ZERO)
        .setBuckets(Buckets.DEFAULT)
        .build();
  }

  /** See {@link ProcessInOrder}. */
  @AutoValue
  public abstract static class Ordered<K, V, OutputT>
      extends PTransform<PCollection<KV<K, V>>, Result<K, V, OutputT>> {
    abstract KeyProcess<OutputT> process();

    abstract Coder<OutputT> coder();

    abstract Duration turnEvery();

    abstract int buckets();

    abstract Builder<K, V, OutputT> toBuilder();

    /** Gives each key of which something is kept a turn at least so often; never by default. */
    public Ordered<K, V, OutputT> withTurnEvery(Duration time) {
      return toBuilder().setTurnEvery(time).build();
    }

    /**
     * Sets the number of buckets of keys, which bounds the parallelism; 256 by default.
     *
     * @throws IllegalArgumentException if it is not from 1 to 32,768
     */
    public Ordered<K, V, OutputT> withBuckets(int buckets) {
      return toBuilder().setBuckets(Buckets.check(buckets)).build();
    }

    @Override
    public Result<K, V, OutputT> expand(PCollection<KV<K, V>> input) {
      GlobalInput.require(input, "ProcessInOrder");
      KvCoder<K, V> coder = (KvCoder<K, V>) input.getCoder();
      TupleTag<OutputT> outputs = new TupleTag<>("outputs") {};
      TupleTag<LateElement<KV<K, V>>> tooLate = new TupleTag<>("tooLate") {};
      PCollectionTuple processed =
          input
              .apply("Pack", PackByKey.into(buckets()))
              .apply(
                  "Process",
                  ParDo.of(
                          new InOrderFn<>(
                              process(),
                              turnEvery().getMillis(),
                              coder.getKeyCoder(),
                              coder.getValueCoder(),
                              tooLate))
                      .withOutputTags(outputs, TupleTagList.of(tooLate)));
      return new Result<>(
          processed.get(outputs).setCoder(coder()),
          processed.get(tooLate).setCoder(LateElementCoder.of(coder)));
    }

    @Override
    public void populateDisplayData(DisplayData.Builder builder) {
      builder.add(DisplayData.item("buckets", buckets()));
    }

    @AutoValue.Builder
    abstract static class Builder<K, V, OutputT> {
      abstract Builder<K, V, OutputT> setProcess(KeyProcess<OutputT> process);

      abstract Builder<K, V, OutputT> setCoder(Coder<OutputT> coder);

      abstract Builder<K, V, OutputT> setTurnEvery(Duration time);

      abstract Builder<K, V, OutputT> setBuckets(int buckets);

      abstract Ordered<K, V, OutputT> build();
    }
  }

  /** What the process made of events, and those that came too late for it. */
  public static final class Result<K, V, OutputT> implements POutput {
    private final PCollection<OutputT> outputs;
    private final PCollection<LateElement<KV<K, V>>> tooLate;

    private Result(PCollection<OutputT> outputs, PCollection<LateElement<KV<K, V>>> tooLate) {
      this.outputs = outputs;
      this.tooLate = tooLate;
    }

    public PCollection<OutputT> outputs() {
      return outputs;
    }

    /** Events that the watermark had passed when they came. */
    public PCollection<LateElement<KV<K, V>>> tooLate() {
      return tooLate;
    }

    @Override
    public Pipeline getPipeline() {
      return outputs.getPipeline();
    }

    @Override
    public Map<TupleTag<?>, PValue> expand() {
      return Map.of(
          new TupleTag<OutputT>("outputs"),
          outputs,
          new TupleTag<LateElement<KV<K, V>>>("tooLate"),
          tooLate);
    }

    @Override
    public void finishSpecifyingOutput(
        String transformName, PInput input, PTransform<?, ?> transform) {}
  }

  private ProcessInOrder() {}
}
