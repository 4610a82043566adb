package io.millrace.transforms.sketch;

import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.CoderRegistry;
import org.apache.beam.sdk.transforms.Combine.CombineFn;
import org.apache.beam.sdk.transforms.SerializableBiFunction;
import org.apache.beam.sdk.transforms.SerializableFunction;

/**
 * Combines values into a sketch of a family, and the sketch into an answer. Nulls are passed over.
 * Merging changes the first accumulator at most, and extracting changes none.
 */
final class SketchFn<InputT, S, OutputT> extends CombineFn<InputT, S, OutputT> {
  private static final long serialVersionUID = 1L;

  private final SketchFamily<S> family;
  private final SerializableBiFunction<S, InputT, S> add;
  private final SerializableFunction<S, OutputT> answer;
  private final Coder<OutputT> outputCoder;

  SketchFn(
      SketchFamily<S> family,
      SerializableBiFunction<S, InputT, S> add,
      SerializableFunction<S, OutputT> answer,
      Coder<OutputT> outputCoder) {
    this.family = family;
    this.add = add;
    this.answer = answer;
    this.outputCoder = outputCoder;
  }

  /** Combines values that are at hand. */
  static <InputT, S, OutputT> OutputT combine(
      CombineFn<InputT, S, OutputT> combine, Iterable<? extends InputT> values) {
    S accumulator = combine.createAccumulator();
    for (InputT value : values) {
      accumulator = combine.addInput(accumulator, value);
    }
    return combine.extractOutput(accumulator);
  }

  @Override
  public S createAccumulator() {
    return family.empty();
  }

  @Override
  public S addInput(S accumulator, InputT input) {
    return input == null ? accumulator : add.apply(accumulator, input);
  }

  @Override
  public S mergeAccumulators(Iterable<S> accumulators) {
    S merged = null;
    for (S accumulator : accumulators) {
      merged = merged == null ? accumulator : family.merge(merged, accumulator);
    }
    return merged == null ? family.empty() : merged;
  }

  @Override
  public OutputT extractOutput(S accumulator) {
    return answer.apply(accumulator);
  }

  @Override
  public Coder<S> getAccumulatorCoder(CoderRegistry registry, Coder<InputT> inputCoder) {
    return new SketchCoder<>(family);
  }

  @Override
  public Coder<OutputT> getDefaultOutputCoder(CoderRegistry registry, Coder<InputT> inputCoder) {
    return outputCoder;
  }
}
