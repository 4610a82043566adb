package io.millrace.transforms.join;

import java.util.Map;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PInput;
import org.apache.beam.sdk.values.POutput;
import org.apache.beam.sdk.values.PValue;
import org.apache.beam.sdk.values.TupleTag;

/** What {@link JoinStreams} makes: pairs, and what came too late to be in one. */
public final class JoinedStreams<K, L, R> implements POutput {
  private final PCollection<KV<K, Joined<L, R>>> joined;
  private final PCollection<KV<K, L>> tooLateLeft;
  private final PCollection<KV<K, R>> tooLateRight;

  JoinedStreams(
      PCollection<KV<K, Joined<L, R>>> joined,
      PCollection<KV<K, L>> tooLateLeft,
      PCollection<KV<K, R>> tooLateRight) {
    this.joined = joined;
    this.tooLateLeft = tooLateLeft;
    this.tooLateRight = tooLateRight;
  }

  /**
   * Pairs, with the later of their times, and from an outer join elements that nothing joined, with
   * their own.
   */
  public PCollection<KV<K, Joined<L, R>>> joined() {
    return joined;
  }

  /** Left elements that were older than the allowed lateness, with their timestamps. */
  public PCollection<KV<K, L>> tooLateLeft() {
    return tooLateLeft;
  }

  /** Right elements that were older than the allowed lateness, with their timestamps. */
  public PCollection<KV<K, R>> tooLateRight() {
    return tooLateRight;
  }

  @Override
  public Pipeline getPipeline() {
    return joined.getPipeline();
  }

  @Override
  public Map<TupleTag<?>, PValue> expand() {
    return Map.of(
        new TupleTag<KV<K, Joined<L, R>>>("joined"), joined,
        new TupleTag<KV<K, L>>("tooLateLeft"), tooLateLeft,
        new TupleTag<KV<K, R>>("tooLateRight"), tooLateRight);
  }

  @Override
  public void finishSpecifyingOutput(
      String transformName, PInput input, PTransform<?, ?> transform) {}
}
