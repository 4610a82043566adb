package io.millrace.transforms.sketch;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.beam.sdk.coders.CannotProvideCoderException;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.CoderException;
import org.apache.beam.sdk.coders.CoderRegistry;
import org.apache.beam.sdk.transforms.Combine.CombineFn;
import org.apache.beam.sdk.util.CoderUtils;

/** Combines values as a runner may: in parts that are encoded and decoded between. */
final class Combined {

  /** In one part. */
  static <InputT, OutputT> OutputT of(
      CombineFn<InputT, ?, OutputT> combine, Iterable<? extends InputT> values) {
    return inParts(combine, values, 1, new Random(0));
  }

  /** In parts, each value in a random one; and merged in random groups. */
  static <InputT, S, OutputT> OutputT inParts(
      CombineFn<InputT, S, OutputT> combine,
      Iterable<? extends InputT> values,
      int count,
      Random random) {
    List<S> parts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      parts.add(combine.createAccumulator());
    }
    for (InputT value : values) {
      int part = random.nextInt(count);
      parts.set(part, combine.addInput(parts.get(part), value));
    }
    while (parts.size() > 1) {
      S one = copy(combine, parts.remove(random.nextInt(parts.size())));
      S other = copy(combine, parts.remove(random.nextInt(parts.size())));
      parts.add(combine.mergeAccumulators(List.of(one, other)));
    }
    return combine.extractOutput(copy(combine, parts.get(0)));
  }

  static <S> S copy(CombineFn<?, S, ?> combine, S accumulator) {
    try {
      return CoderUtils.clone(coder(combine), accumulator);
    } catch (CoderException e) {
      throw new IllegalStateException(e);
    }
  }

  static <S> byte[] encode(CombineFn<?, S, ?> combine, S accumulator) {
    try {
      return CoderUtils.encodeToByteArray(coder(combine), accumulator);
    } catch (CoderException e) {
      throw new IllegalStateException(e);
    }
  }

  static <S> Coder<S> coder(CombineFn<?, S, ?> combine) {
    try {
      return combine.getAccumulatorCoder(CoderRegistry.createDefault(), null);
    } catch (CannotProvideCoderException e) {
      throw new IllegalStateException(e);
    }
  }

  private Combined() {}
}
