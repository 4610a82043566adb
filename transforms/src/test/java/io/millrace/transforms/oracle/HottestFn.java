package io.millrace.transforms.oracle;

import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.CoderRegistry;
import org.apache.beam.sdk.coders.ListCoder;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.apache.beam.sdk.transforms.Combine.CombineFn;

/** Of pairs of count and item, the greatest count, and after it all of its items in order. */
final class HottestFn extends CombineFn<List<Long>, List<Long>, List<Long>> {
  private static final long serialVersionUID = 1L;

  @Override
  public List<Long> createAccumulator() {
    return List.of();
  }

  @Override
  public List<Long> addInput(List<Long> hottest, List<Long> pair) {
    return hotter(hottest, pair);
  }

  @Override
  public List<Long> mergeAccumulators(Iterable<List<Long>> accumulators) {
    List<Long> hottest = createAccumulator();
    for (List<Long> one : accumulators) {
      hottest = hotter(hottest, one);
    }
    return hottest;
  }

  private static List<Long> hotter(List<Long> one, List<Long> other) {
    if (one.isEmpty() || other.isEmpty()) {
      return one.isEmpty() ? other : one;
    }
    int order = Long.compare(one.get(0), other.get(0));
    if (order != 0) {
      return order > 0 ? one : other;
    }
    List<Long> both = new ArrayList<>(one.subList(1, one.size()));
    both.addAll(other.subList(1, other.size()));
    both.sort(null);
    both.add(0, one.get(0));
    return both;
  }

  @Override
  public List<Long> extractOutput(List<Long> hottest) {
    return hottest;
  }

  @Override
  public Coder<List<Long>> getAccumulatorCoder(CoderRegistry registry, Coder<List<Long>> input) {
    return ListCoder.of(VarLongCoder.of());
  }
}
