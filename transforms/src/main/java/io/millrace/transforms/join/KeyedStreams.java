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

/** Two streams with keys of one kind, to be joined. */
public final class KeyedStreams<K, L, R> implements PInput {
  private final PCollection<KV<K, L>> left;
  private final PCollection<KV<K, R>> right;

  private KeyedStreams(PCollection<KV<K, L>> left, PCollection<KV<K, R>> right) {
    this.left = left;
    this.right = right;
  }

  /** Two streams; they may be one and the same. */
  public static <K, L, R> KeyedStreams<K, L, R> of(
      PCollection<KV<K, L>> left, PCollection<KV<K, R>> right) {
    return new KeyedStreams<>(left, right);
  }

  PCollection<KV<K, L>> left() {
    return left;
  }

  PCollection<KV<K, R>> right() {
    return right;
  }

  /** Applies a transform, as {@link PCollection#apply(PTransform)} does. */
  public <OutputT extends POutput> OutputT apply(
      PTransform<KeyedStreams<K, L, R>, OutputT> transform) {
    return Pipeline.applyTransform(this, transform);
  }

  /** Applies a transform under a name, as {@link PCollection#apply(String, PTransform)} does. */
  public <OutputT extends POutput> OutputT apply(
      String name, PTransform<KeyedStreams<K, L, R>, OutputT> transform) {
    return Pipeline.applyTransform(name, this, transform);
  }

  @Override
  public Pipeline getPipeline() {
    return left.getPipeline();
  }

  @Override
  public Map<TupleTag<?>, PValue> expand() {
    return Map.of(
        new TupleTag<KV<K, L>>("left"), left,
        new TupleTag<KV<K, R>>("right"), right);
  }
}
