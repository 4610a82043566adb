package io.millrace.transforms.warehouse;

import com.google.auto.value.AutoValue;
import io.millrace.schemas.ChangeEvent;
import io.millrace.schemas.contract.Contract;
import io.millrace.transforms.quality.DeadLetter;
import io.millrace.transforms.quality.DeadLetterCoder;
import java.util.Map;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
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
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.TupleTagList;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Writes changes to the current tables of a warehouse: one row per key, each column as the newest
 * change that supplies it has it. {@link WarehouseTables#prepare} makes the tables first.
 *
 * <p>Order, duplicates, lateness, restarts: any; the same set of changes gives the same rows, apart
 * from {@code _received_at} and {@code _applied_at}. Positions decide, in the database itself, so
 * several workers may write one row. The changes of one row are taken to have distinct positions;
 * of two with the same, one is taken for a copy of the other.
 *
 * <p>Deletes: by default the row stays, marked {@code _deleted} and left out of the view {@code
 * <table>_live}. With {@link io.millrace.transforms.cdc.Deletes#HARD} it goes, and {@code
 * _millrace.tombstones} keeps its key and position, so that nothing older returns. A truncate does
 * the same to all rows at or below its position, whenever they arrive.
 *
 * <p>Changes are written in batches, each in one transaction and while the next is gathered, at the
 * latest when their bundle ends: the larger a runner's bundles, the better. Two batches are in
 * memory. Input is in the global window. No Beam state but for progress: four commits per source.
 *
 * <p>Progress: {@code _millrace.progress} says through which commit of the source the tables are
 * complete, apart from dead letters. It is advanced to a commit when a change of a later commit
 * time has been written and the watermark has passed the times at which this one was committed and
 * received, and its timestamp; so a commit that it names is there with all its changes, if the
 * input has the changes of one source, its timestamps are the changes' commit times, or the times
 * at which they were received in the order of their commits, and no change comes behind the
 * watermark. Snapshots' rows ({@link io.millrace.schemas.Operation#READ}) tell of no commit.
 * Progress claims too little rather than too much: it goes in steps, the newest commit waits for
 * the next, and an unbounded input that is stopped or drained keeps what the watermark had passed
 * before. A bounded input advances it to its newest commit at the end. Where commit times are
 * unknown, only bounded inputs advance it.
 *
 * <p>Errors: what may pass by itself (lost connections, deadlocks) is tried again for up to two
 * minutes. Rows that the database refuses go to {@link Result#deadLetters()}, and the rest of their
 * batch is written. Everything else fails the run with a {@link WarehouseException}.
 *
 * <pre>{@code
 * WarehouseTables.prepare(warehouse, contract);
 * accepted.apply(WriteWarehouse.to(warehouse, contract)).deadLetters().apply(...);
 * }</pre>
 */
@AutoValue
public abstract class WriteWarehouse
    extends PTransform<PCollection<ChangeEvent>, WriteWarehouse.Result> {
  static final TupleTag<KV<String, NewestCommits>> WRITTEN = new TupleTag<>("written") {};
  static final TupleTag<DeadLetter> DEAD_LETTERS = new TupleTag<>("deadLetters") {};

  abstract Warehouse warehouse();

  abstract Contract contract();

  abstract @Nullable String run();

  abstract boolean progress();

  /** Writes changes of this contract's tables to this warehouse. */
  public static WriteWarehouse to(Warehouse warehouse, Contract contract) {
    return new AutoValue_WriteWarehouse(warehouse, contract, null, true);
  }

  /**
   * Notes what becomes of each batch in the ledger of this run, in the batch's own transaction. See
   * {@link WriteLedger}.
   */
  public WriteWarehouse withRun(String run) {
    return new AutoValue_WriteWarehouse(warehouse(), contract(), run, progress());
  }

  /** Leaves progress alone: for an input that is not all that its source has to tell. */
  public WriteWarehouse withoutProgress() {
    return new AutoValue_WriteWarehouse(warehouse(), contract(), run(), false);
  }

  @Override
  public Result expand(PCollection<ChangeEvent> input) {
    if (!(input.getWindowingStrategy().getWindowFn() instanceof GlobalWindows)) {
      throw new IllegalArgumentException(
          "WriteWarehouse needs its input in the global window, got "
              + input.getWindowingStrategy().getWindowFn());
    }
    boolean bounded = input.isBounded() == PCollection.IsBounded.BOUNDED;
    PCollectionTuple results =
        input.apply(
            "Write",
            ParDo.of(new WriteFn(warehouse(), contract(), source(), run(), bounded))
                .withOutputTags(WRITTEN, TupleTagList.of(DEAD_LETTERS)));
    PCollection<KV<String, NewestCommits>> written =
        results.get(WRITTEN).setCoder(KvCoder.of(StringUtf8Coder.of(), NewestCommitsCoder.of()));
    if (progress()) {
      written.apply("Progress", ParDo.of(new ProgressFn(warehouse(), bounded)));
    }
    return new Result(results.get(DEAD_LETTERS).setCoder(DeadLetterCoder.of()));
  }

  private String source() {
    String source = warehouse().source();
    return warehouse().progressOf(source == null ? contract().id() : source);
  }

  @Override
  public void populateDisplayData(DisplayData.Builder builder) {
    builder
        .include("warehouse", warehouse())
        .add(DisplayData.item("contract", contract().id() + " " + contract().version()))
        .addIfNotNull(DisplayData.item("run", run()))
        .add(DisplayData.item("progress", progress()));
  }

  /** What does not go to the warehouse. */
  public static final class Result implements POutput {
    private final PCollection<DeadLetter> deadLetters;

    private Result(PCollection<DeadLetter> deadLetters) {
      this.deadLetters = deadLetters;
    }

    /** The changes that the warehouse refused, with its reason. */
    public PCollection<DeadLetter> deadLetters() {
      return deadLetters;
    }

    @Override
    public Pipeline getPipeline() {
      return deadLetters.getPipeline();
    }

    @Override
    public Map<TupleTag<?>, PValue> expand() {
      return Map.of(DEAD_LETTERS, deadLetters);
    }

    @Override
    public void finishSpecifyingOutput(
        String transformName, PInput input, PTransform<?, ?> transform) {}
  }
}
