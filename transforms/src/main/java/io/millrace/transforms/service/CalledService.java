package io.millrace.transforms.service;

import java.util.Map;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PInput;
import org.apache.beam.sdk.values.POutput;
import org.apache.beam.sdk.values.PValue;
import org.apache.beam.sdk.values.TupleTag;

/** What {@link CallService} makes: elements with answers, and those that it got none for. */
public final class CalledService<K, V, R> implements POutput {
  private final TupleTag<KV<K, Answered<V, R>>> answeredTag;
  private final PCollection<KV<K, Answered<V, R>>> answered;
  private final TupleTag<FailedCall<KV<K, V>>> failedTag;
  private final PCollection<FailedCall<KV<K, V>>> failed;

  CalledService(
      TupleTag<KV<K, Answered<V, R>>> answeredTag,
      PCollection<KV<K, Answered<V, R>>> answered,
      TupleTag<FailedCall<KV<K, V>>> failedTag,
      PCollection<FailedCall<KV<K, V>>> failed) {
    this.answeredTag = answeredTag;
    this.answered = answered;
    this.failedTag = failedTag;
    this.failed = failed;
  }

  /** Elements that the service answered for, with the answer or that there is none. */
  public PCollection<KV<K, Answered<V, R>>> answered() {
    return answered;
  }

  /** Elements that it did not answer for, with their timestamps: for dead letters. */
  public PCollection<FailedCall<KV<K, V>>> failed() {
    return failed;
  }

  @Override
  public Pipeline getPipeline() {
    return answered.getPipeline();
  }

  @Override
  public Map<TupleTag<?>, PValue> expand() {
    return Map.of(answeredTag, answered, failedTag, failed);
  }

  @Override
  public void finishSpecifyingOutput(
      String transformName, PInput input, PTransform<?, ?> transform) {}
}
