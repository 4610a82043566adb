package io.millrace.transforms.sketch;

import org.apache.datasketches.kll.KllDoublesSketch;
import org.apache.datasketches.memory.Memory;

/** KLL sketches of double values, of size {@code k}. */
record KllFamily(int k) implements SketchFamily<KllDoublesSketch> {
  private static final long serialVersionUID = 1L;

  static {
    NewerJava.admit();
  }

  static KllDoublesSketch add(KllDoublesSketch sketch, Number value) {
    sketch.update(value.doubleValue());
    return sketch;
  }

  @Override
  public String name() {
    return "quantiles (KLL)";
  }

  @Override
  public KllDoublesSketch empty() {
    return KllDoublesSketch.newHeapInstance(k);
  }

  @Override
  public KllDoublesSketch merge(KllDoublesSketch into, KllDoublesSketch other) {
    if (other.isEmpty()) {
      return into;
    }
    if (into.isEmpty()) {
      return parse(write(other)); // So that it keeps its size.
    }
    into.merge(other);
    return into;
  }

  @Override
  public byte[] write(KllDoublesSketch sketch) {
    return sketch.toByteArray();
  }

  @Override
  public KllDoublesSketch parse(byte[] bytes) {
    return KllDoublesSketch.heapify(Memory.wrap(bytes));
  }
}
