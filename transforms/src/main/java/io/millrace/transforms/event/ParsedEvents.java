package io.millrace.transforms.event;

import io.millrace.schemas.BusinessEvent;
import io.millrace.transforms.quality.ChangeCounts;
import io.millrace.transforms.quality.DeadLetter;
import io.millrace.transforms.quality.DropDuplicates;
import java.util.Map;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;
import org.apache.beam.sdk.values.PInput;
import org.apache.beam.sdk.values.POutput;
import org.apache.beam.sdk.values.PValue;
import org.apache.beam.sdk.values.TupleTag;
import org.joda.time.Duration;

/** What {@link ParseEvents} makes of records: events, what could not be parsed, and counts. */
public final class ParsedEvents implements POutput {
  static final TupleTag<BusinessEvent> EVENTS = new TupleTag<>("events") {};
  static final TupleTag<DeadLetter> DEAD_LETTERS = new TupleTag<>("deadLetters") {};
  static final TupleTag<KV<String, ChangeCounts>> COUNTS = new TupleTag<>("counts") {};

  private final PCollection<BusinessEvent> events;
  private final PCollection<DeadLetter> deadLetters;
  private final PCollection<KV<String, ChangeCounts>> counts;

  ParsedEvents(
      PCollection<BusinessEvent> events,
      PCollection<DeadLetter> deadLetters,
      PCollection<KV<String, ChangeCounts>> counts) {
    this.events = events;
    this.deadLetters = deadLetters;
    this.counts = counts;
  }

  /** The events of all types, each with the timestamp of when it happened. */
  public PCollection<BusinessEvent> events() {
    return events;
  }

  /**
   * The same without events that came before: of one type, with one id, and no farther apart than
   * the horizon by when they happened. How many there were is added to the counts. See {@link
   * DropDuplicates}.
   */
  public ParsedEvents withoutDuplicates(Duration horizon) {
    DropDuplicates.Result<BusinessEvent> split =
        events.apply(
            "DropDuplicates",
            DropDuplicates.<BusinessEvent>byId(event -> event.type() + " " + event.id())
                .within(horizon)
                .countedBy(BusinessEvent::type));
    return new ParsedEvents(
        split.distinct(),
        deadLetters,
        PCollectionList.of(counts)
            .and(split.counts())
            .apply("DuplicateCounts", Flatten.pCollections()));
  }

  public PCollection<DeadLetter> deadLetters() {
    return deadLetters;
  }

  /**
   * What was read, rejected and set aside, by type (empty where it is not known) and once a block,
   * and what {@link #withoutDuplicates} dropped; for {@link
   * io.millrace.transforms.quality.SumCounts}.
   */
  public PCollection<KV<String, ChangeCounts>> counts() {
    return counts;
  }

  @Override
  public Pipeline getPipeline() {
    return events.getPipeline();
  }

  @Override
  public Map<TupleTag<?>, PValue> expand() {
    return Map.of(EVENTS, events, DEAD_LETTERS, deadLetters, COUNTS, counts);
  }

  @Override
  public void finishSpecifyingOutput(
      String transformName, PInput input, PTransform<?, ?> transform) {}
}
