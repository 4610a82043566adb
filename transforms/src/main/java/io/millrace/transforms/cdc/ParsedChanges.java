package io.millrace.transforms.cdc;

import io.millrace.schemas.ChangeEvent;
import io.millrace.transforms.quality.DeadLetter;
import java.util.Map;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PInput;
import org.apache.beam.sdk.values.POutput;
import org.apache.beam.sdk.values.PValue;
import org.apache.beam.sdk.values.TupleTag;

/** What {@link ParseChanges} makes of records: changes, and what could not be parsed. */
public final class ParsedChanges implements POutput {
  static final TupleTag<ChangeEvent> CHANGES = new TupleTag<>("changes") {};
  static final TupleTag<DeadLetter> DEAD_LETTERS = new TupleTag<>("deadLetters") {};

  private final PCollection<ChangeEvent> changes;
  private final PCollection<DeadLetter> deadLetters;

  ParsedChanges(PCollection<ChangeEvent> changes, PCollection<DeadLetter> deadLetters) {
    this.changes = changes;
    this.deadLetters = deadLetters;
  }

  public PCollection<ChangeEvent> changes() {
    return changes;
  }

  public PCollection<DeadLetter> deadLetters() {
    return deadLetters;
  }

  @Override
  public Pipeline getPipeline() {
    return changes.getPipeline();
  }

  @Override
  public Map<TupleTag<?>, PValue> expand() {
    return Map.of(CHANGES, changes, DEAD_LETTERS, deadLetters);
  }

  @Override
  public void finishSpecifyingOutput(
      String transformName, PInput input, PTransform<?, ?> transform) {}
}
