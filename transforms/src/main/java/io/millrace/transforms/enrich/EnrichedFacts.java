package io.millrace.transforms.enrich;

import io.millrace.schemas.ChangeEvent;
import io.millrace.schemas.RejectedRecordException.Reason;
import io.millrace.transforms.quality.DeadLetter;
import java.util.Map;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.PInput;
import org.apache.beam.sdk.values.POutput;
import org.apache.beam.sdk.values.PValue;
import org.apache.beam.sdk.values.TupleTag;

/** What {@link JoinAsOf} makes of facts. Each has the timestamp of its fact. */
public final class EnrichedFacts<K, F, D> implements POutput {
  private final TupleTag<KV<K, Enriched<F, D>>> enrichedTag;
  private final TupleTag<KV<K, F>> unmatchedTag;
  private final TupleTag<KV<K, F>> tooLateTag;
  private final PCollectionTuple outputs;

  EnrichedFacts(
      TupleTag<KV<K, Enriched<F, D>>> enrichedTag,
      TupleTag<KV<K, F>> unmatchedTag,
      TupleTag<KV<K, F>> tooLateTag,
      PCollectionTuple outputs) {
    this.enrichedTag = enrichedTag;
    this.unmatchedTag = unmatchedTag;
    this.tooLateTag = tooLateTag;
    this.outputs = outputs;
  }

  /**
   * Facts with their rows, and what of it is taken back. What is said on time is on time; what
   * takes back or is said after that may be as late as the horizon.
   */
  public PCollection<KV<K, Enriched<F, D>>> enriched() {
    return outputs.get(enrichedTag);
  }

  /**
   * Of an inner join, the facts that had no row to the end; they may be as late as the horizon. See
   * {@link #deadLetter}.
   */
  public PCollection<KV<K, F>> unmatched() {
    return outputs.get(unmatchedTag);
  }

  /** Facts that were later than the horizon, and were not joined. */
  public PCollection<KV<K, F>> tooLate() {
    return outputs.get(tooLateTag);
  }

  /**
   * A dead letter of a fact without a row, where facts are changes.
   *
   * @param table that has no row for it, as the letter's message is to name it
   */
  public static DeadLetter deadLetter(ChangeEvent fact, String table) {
    return DeadLetter.of(
        DeadLetter.Stage.JOIN,
        Reason.NO_ROW,
        table
            + " had no row for the change at its time, and none came within wait and horizon;"
            + " allow for more of either, or join left",
        fact);
  }

  @Override
  public Pipeline getPipeline() {
    return outputs.getPipeline();
  }

  @Override
  public Map<TupleTag<?>, PValue> expand() {
    return outputs.expand();
  }

  @Override
  public void finishSpecifyingOutput(
      String transformName, PInput input, PTransform<?, ?> transform) {}
}
