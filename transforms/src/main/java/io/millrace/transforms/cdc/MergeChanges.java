package io.millrace.transforms.cdc;

import com.google.auto.value.AutoValue;
import io.millrace.schemas.ChangeEvent;
import io.millrace.schemas.ChangeEventCoder;
import io.millrace.transforms.block.Buckets;
import io.millrace.transforms.block.GlobalInput;
import io.millrace.transforms.block.OpenBlocks;
import io.millrace.transforms.quality.ChangeCounts;
import io.millrace.transforms.quality.ChangeCountsCoder;
import java.util.Map;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.transforms.DoFn;
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

/**
 * Merges the changes of each row: lets through those that are newer than all seen before, and holds
 * back what is old or seen already.
 *
 * <p>Order, duplicates, lateness: any; changes are ordered by their {@link
 * io.millrace.schemas.Position} alone, and what the accepted ones make of a table is the same in
 * whatever order all came. A change older than the row's newest is let through if it supplies a
 * column that all newer ones left unchanged. A delete is a change like others; a truncate is always
 * let through. Input is in the global window, and its timestamps do not matter.
 *
 * <p>State: the position of each row's newest change, and of the suppliers of columns that this one
 * left open; about 40 bytes a row with 16-byte positions and an 8-byte key, a deleted row some 20
 * more, kept for ever. Changes cross the shuffle packed in blocks of about 16 KB by bucket of keys;
 * the number of buckets and the {@link StateLayout} are part of a job's state and stay as they are
 * for its life.
 *
 * <pre>{@code
 * PCollection<ChangeEvent> accepted = changes.apply(MergeChanges.latest()).accepted();
 * }</pre>
 */
public final class MergeChanges {
  /** The number of buckets unless another is chosen. */
  public static final int DEFAULT_BUCKETS = Buckets.DEFAULT;

  /** Merges to the latest state of each row (a slowly changing dimension of type 1). */
  public static Merge latest() {
    return merge(false);
  }

  /**
   * Merges to all versions of each row (a slowly changing dimension of type 2): older changes are
   * let through too, since each may be a version of its own; they are counted as superseded all the
   * same. Only repetitions of a row's newest change are held back; the target tells others, as
   * {@link io.millrace.transforms.warehouse.Warehouse#withHistory} does.
   */
  public static Merge history() {
    return merge(true);
  }

  private static Merge merge(boolean history) {
    return new AutoValue_MergeChanges_Merge.Builder()
        .setHistory(history)
        .setDeletes(Deletes.SOFT)
        .setBuckets(DEFAULT_BUCKETS)
        .setStateLayout(StateLayout.BUCKET)
        .build();
  }

  /** See {@link MergeChanges#latest()} and {@link MergeChanges#history()}. */
  @AutoValue
  public abstract static class Merge extends PTransform<PCollection<ChangeEvent>, Result> {
    abstract boolean history();

    abstract Deletes deletes();

    abstract int buckets();

    abstract StateLayout stateLayout();

    abstract Builder toBuilder();

    /** What a delete does to the row in the target: it decides which older changes still matter. */
    public Merge withDeletes(Deletes deletes) {
      return toBuilder().setDeletes(deletes).build();
    }

    /**
     * Sets the number of buckets of keys, which bounds the parallelism.
     *
     * @throws IllegalArgumentException if it is not from 1 to 32,768
     */
    public Merge withBuckets(int buckets) {
      return toBuilder().setBuckets(Buckets.check(buckets)).build();
    }

    /** How the state lies in the runner's store. */
    public Merge withStateLayout(StateLayout stateLayout) {
      return toBuilder().setStateLayout(stateLayout).build();
    }

    @Override
    public Result expand(PCollection<ChangeEvent> input) {
      GlobalInput.require(input, "MergeChanges");
      return merge(input.apply("Pack", ParDo.of(new PackFn(buckets()))).setCoder(OpenBlocks.CODER));
    }

    /** The same merge of changes that {@link ParseChanges#packedFor} packed for it. */
    public PTransform<PCollection<KV<Integer, byte[]>>, Result> ofPacked() {
      return new Packed(this);
    }

    private Result merge(PCollection<KV<Integer, byte[]>> packed) {
      PCollectionTuple merged =
          packed.apply(
              "Merge",
              ParDo.of(merge()).withOutputTags(Result.MERGED, TupleTagList.of(Result.COUNTS)));
      return new Result(
          merged
              .get(Result.MERGED)
              .setCoder(MergedBlock.CODER)
              .apply("Unpack", ParDo.of(new MergedBlock.UnpackFn()))
              .setCoder(ChangeEventCoder.of()),
          merged
              .get(Result.COUNTS)
              .setCoder(KvCoder.of(StringUtf8Coder.of(), ChangeCountsCoder.of())));
    }

    private DoFn<KV<Integer, byte[]>, KV<byte[], byte[]>> merge() {
      return switch (stateLayout()) {
        case BUCKET -> new MergeBucketFn(deletes(), history());
        case ROW -> new MergeRowFn(deletes(), history());
      };
    }

    @Override
    public void populateDisplayData(DisplayData.Builder builder) {
      builder
          .add(DisplayData.item("history", history()))
          .add(DisplayData.item("deletes", deletes().name()))
          .add(DisplayData.item("buckets", buckets()))
          .add(DisplayData.item("stateLayout", stateLayout().name()));
    }

    @AutoValue.Builder
    abstract static class Builder {
      abstract Builder setHistory(boolean history);

      abstract Builder setDeletes(Deletes deletes);

      abstract Builder setBuckets(int buckets);

      abstract Builder setStateLayout(StateLayout stateLayout);

      abstract Merge build();
    }
  }

  private static final class Packed extends PTransform<PCollection<KV<Integer, byte[]>>, Result> {
    private static final long serialVersionUID = 1L;

    private final Merge merge;

    Packed(Merge merge) {
      this.merge = merge;
    }

    @Override
    public Result expand(PCollection<KV<Integer, byte[]>> input) {
      return merge.merge(input);
    }

    @Override
    public void populateDisplayData(DisplayData.Builder builder) {
      builder.delegate(merge);
    }
  }

  /** What a merge lets through, and what it counts. */
  public static final class Result implements POutput {
    static final TupleTag<KV<byte[], byte[]>> MERGED = new TupleTag<>("merged") {};
    static final TupleTag<ChangeEvent> ACCEPTED = new TupleTag<>("accepted") {};
    static final TupleTag<KV<String, ChangeCounts>> COUNTS = new TupleTag<>("counts") {};

    private final PCollection<ChangeEvent> accepted;
    private final PCollection<KV<String, ChangeCounts>> counts;

    private Result(
        PCollection<ChangeEvent> accepted, PCollection<KV<String, ChangeCounts>> counts) {
      this.accepted = accepted;
      this.counts = counts;
    }

    /** The changes that newer ones did not make needless; of one row, in no certain order. */
    public PCollection<ChangeEvent> accepted() {
      return accepted;
    }

    /**
     * How many were accepted, superseded or duplicates, by table and once a bundle; for {@link
     * io.millrace.transforms.quality.SumCounts}. Truncates are not among them.
     */
    public PCollection<KV<String, ChangeCounts>> counts() {
      return counts;
    }

    @Override
    public Pipeline getPipeline() {
      return accepted.getPipeline();
    }

    @Override
    public Map<TupleTag<?>, PValue> expand() {
      return Map.of(ACCEPTED, accepted, COUNTS, counts);
    }

    @Override
    public void finishSpecifyingOutput(
        String transformName, PInput input, PTransform<?, ?> transform) {}
  }

  private MergeChanges() {}
}
