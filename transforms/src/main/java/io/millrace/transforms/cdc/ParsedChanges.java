package io.millrace.transforms.cdc;

import io.millrace.schemas.ChangeEvent;
import io.millrace.transforms.quality.ChangeCounts;
import io.millrace.transforms.quality.DeadLetter;
import java.util.Map;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PInput;
import org.apache.beam.sdk.values.POutput;
import org.apache.beam.sdk.values.PValue;
import org.apache.beam.sdk.values.TupleTag;

/** What {@link ParseChanges} makes of records: changes, what could not be parsed, and counts. */
public final class ParsedChanges implements POutput {
  static final TupleTag<ChangeEvent> CHANGES = new TupleTag<>("changes") {};
  static final TupleTag<DeadLetter> DEAD_LETTERS = new TupleTag<>("deadLetters") {};

  static final TupleTag<KV<String, ChangeCounts>> COUNTS = new TupleTag<>("counts") {};

  private final PCollection<ChangeEvent> changes;
  private final PCollection<DeadLetter> deadLetters;
  private final PCollection<KV<String, ChangeCounts>> counts;

  ParsedChanges(
      PCollection<ChangeEvent> changes,
      PCollection<DeadLetter> deadLetters,
      PCollection<KV<String, ChangeCounts>> counts) {
    this.changes = changes;
    this.deadLetters = deadLetters;
    this.counts = counts;
  }

  public PCollection<ChangeEvent> changes() {
    return changes;
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

  @Override
  public Pipeline getPipeline() {
    return changes.getPipeline();
  }

  @Override
  public Map<TupleTag<?>, PValue> expand() {
    return Map.of(CHANGES, changes, DEAD_LETTERS, deadLetters, COUNTS, counts);
  }

  @Override
  public void finishSpecifyingOutput(
      String transformName, PInput input, PTransform<?, ?> transform) {}
}
