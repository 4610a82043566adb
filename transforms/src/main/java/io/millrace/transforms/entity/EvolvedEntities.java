package io.millrace.transforms.entity;

import java.util.Map;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PInput;
import org.apache.beam.sdk.values.POutput;
import org.apache.beam.sdk.values.PValue;
import org.apache.beam.sdk.values.TupleTag;

/** What {@link EvolveEntity} makes: entities, and what came too late for them. */
public final class EvolvedEntities<K, E, S> implements POutput {
  private final TupleTag<KV<K, Evolved<S>>> entitiesTag;
  private final PCollection<KV<K, Evolved<S>>> entities;
  private final TupleTag<KV<K, E>> tooLateTag;
  private final PCollection<KV<K, E>> tooLate;

  EvolvedEntities(
      TupleTag<KV<K, Evolved<S>>> entitiesTag,
      PCollection<KV<K, Evolved<S>>> entities,
      TupleTag<KV<K, E>> tooLateTag,
      PCollection<KV<K, E>> tooLate) {
    this.entitiesTag = entitiesTag;
    this.entities = entities;
    this.tooLateTag = tooLateTag;
    this.tooLate = tooLate;
  }

  /** Entities that have changed; of one key, the greatest revision is the last. */
  public PCollection<KV<K, Evolved<S>>> entities() {
    return entities;
  }

  /** Events that were older than the horizon, with their timestamps. */
  public PCollection<KV<K, E>> tooLate() {
    return tooLate;
  }

  @Override
  public Pipeline getPipeline() {
    return entities.getPipeline();
  }

  @Override
  public Map<TupleTag<?>, PValue> expand() {
    return Map.of(entitiesTag, entities, tooLateTag, tooLate);
  }

  @Override
  public void finishSpecifyingOutput(
      String transformName, PInput input, PTransform<?, ?> transform) {}
}
