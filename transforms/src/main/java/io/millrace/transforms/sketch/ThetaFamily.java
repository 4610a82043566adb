package io.millrace.transforms.sketch;

import org.apache.datasketches.memory.Memory;
import org.apache.datasketches.theta.CompactSketch;
import org.apache.datasketches.theta.SetOperation;
import org.apache.datasketches.theta.Sketches;
import org.apache.datasketches.theta.Union;

/**
 * Theta sketches: the 2<sup>lgK</sup> least hashes of the values, so a function of their set alone.
 */
record ThetaFamily(int lgK) implements SketchFamily<Union> {
  private static final long serialVersionUID = 1L;

  private static final long[] EMPTY_VALUE = {0x6d696c6c72616365L, 0x656d707479L};

  static {
    NewerJava.admit();
  }

  static Union addText(Union sketch, String value) {
    if (value.isEmpty()) {
      sketch.update(EMPTY_VALUE); // The library passes over what has no bytes.
    } else {
      sketch.update(value);
    }
    return sketch;
  }

  static Union addBytes(Union sketch, byte[] value) {
    if (value.length == 0) {
      sketch.update(EMPTY_VALUE);
    } else {
      sketch.update(value);
    }
    return sketch;
  }

  static Union addLong(Union sketch, long value) {
    sketch.update(value);
    return sketch;
  }

  @Override
  public String name() {
    return "theta";
  }

  @Override
  public Union empty() {
    return SetOperation.builder().setLogNominalEntries(lgK).buildUnion();
  }

  @Override
  public Union merge(Union into, Union other) {
    into.union(other.getResult());
    return into;
  }

  @Override
  public byte[] write(Union sketch) {
    return sketch.getResult(true, null).toByteArray();
  }

  @Override
  public Union parse(byte[] bytes) {
    Union union = empty();
    union.union(parseCompact(bytes));
    return union;
  }

  /** Reads a sketch as it is, whatever its size. */
  CompactSketch compact(byte[] bytes) {
    try {
      return parseCompact(bytes);
    } catch (RuntimeException | AssertionError e) {
      read(bytes);
      throw e;
    }
  }

  private static CompactSketch parseCompact(byte[] bytes) {
    return Sketches.heapifyCompactSketch(Memory.wrap(bytes));
  }
}
