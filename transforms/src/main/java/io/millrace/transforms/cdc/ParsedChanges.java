package io.millrace.transforms.cdc;

import io.millrace.schemas.ChangeBlock;
import io.millrace.schemas.ChangeEvent;
import io.millrace.transforms.quality.ChangeCounts;
import io.millrace.transforms.quality.DeadLetter;
import java.util.HashMap;
import java.util.Map;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PInput;
import org.apache.beam.sdk.values.POutput;
import org.apache.beam.sdk.values.PValue;
import org.apache.beam.sdk.values.TupleTag;
import org.checkerframework.checker.nullness.qual.Nullable;

/** What {@link ParseChanges} makes of records: changes, what could not be parsed, and counts. */
public final class ParsedChanges implements POutput {
  static final TupleTag<ChangeEvent> CHANGES = new TupleTag<>("changes") {};
  static final TupleTag<ChangeBlock> BLOCKS = new TupleTag<>("blocks") {};
  static final TupleTag<KV<Integer, byte[]>> PACKED = new TupleTag<>("packed") {};
  static final TupleTag<DeadLetter> DEAD_LETTERS = new TupleTag<>("deadLetters") {};

  static final TupleTag<KV<String, ChangeCounts>> COUNTS = new TupleTag<>("counts") {};

  private final @Nullable PCollection<ChangeEvent> changes;
  private final @Nullable PCollection<ChangeBlock> blocks;
  private final @Nullable PCollection<KV<Integer, byte[]>> packed;
  private final PCollection<DeadLetter> deadLetters;
  private final PCollection<KV<String, ChangeCounts>> counts;

  ParsedChanges(
      @Nullable PCollection<ChangeEvent> changes,
      @Nullable PCollection<ChangeBlock> blocks,
      @Nullable PCollection<KV<Integer, byte[]>> packed,
      PCollection<DeadLetter> deadLetters,
      PCollection<KV<String, ChangeCounts>> counts) {
    this.changes = changes;
    this.blocks = blocks;
    this.packed = packed;
    this.deadLetters = deadLetters;
    this.counts = counts;
  }

  /**
   * The changes, each by itself.
   *
   * @throws IllegalStateException if {@link ParseChanges#withOutput} left them out
   */
  public PCollection<ChangeEvent> changes() {
    return asked(changes, "changes");
  }

  /**
   * The changes in blocks, one for each block of records, also for those without changes.
   *
   * @throws IllegalStateException unless {@link ParseChanges#withOutput} asked for them
   */
  public PCollection<ChangeBlock> blocks() {
    return asked(blocks, "blocks");
  }

  /**
   * The changes by bucket of their keys, for {@link MergeChanges.Merge#ofPacked}.
   *
   * @throws IllegalStateException unless {@link ParseChanges#packedFor} asked for them
   */
  public PCollection<KV<Integer, byte[]>> packed() {
    return asked(packed, "packed changes");
  }

  public PCollection<DeadLetter> deadLetters() {
    return deadLetters;
  }

  /**
   * What was read, rejected and set aside, by table (empty where it is not known) and once a block;
   * for {@link io.millrace.transforms.quality.SumCounts}.
   */
  public PCollection<KV<String, ChangeCounts>> counts() {
    return counts;
  }

  private static <T> T asked(@Nullable T output, String name) {
    if (output == null) {
      throw new IllegalStateException("ParseChanges was not asked for " + name);
    }
    return output;
  }

  @Override
  public Pipeline getPipeline() {
    return deadLetters.getPipeline();
  }

  @Override
  public Map<TupleTag<?>, PValue> expand() {
    Map<TupleTag<?>, PValue> outputs = new HashMap<>();
    outputs.put(DEAD_LETTERS, deadLetters);
    outputs.put(COUNTS, counts);
    if (changes != null) {
      outputs.put(CHANGES, changes);
    }
    if (blocks != null) {
      outputs.put(BLOCKS, blocks);
    }
    if (packed != null) {
      outputs.put(PACKED, packed);
    }
    return outputs;
  }

  @Override
  public void finishSpecifyingOutput(
      String transformName, PInput input, PTransform<?, ?> transform) {}
}
