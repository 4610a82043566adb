package io.millrace.transforms.sketch;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.apache.datasketches.hll.HllSketch;
import org.apache.datasketches.hll.TgtHllType;
import org.apache.datasketches.hll.Union;

/**
 * HyperLogLog sketches of at most 2<sup>lgK</sup> registers. The bytes written depend on the set of
 * values alone; those of the library also tell of the order in which they came.
 */
record HllFamily(int lgK) implements SketchFamily<Union> {
  private static final long serialVersionUID = 1L;

  /** As high as the library goes: for merging sketches, which then keep a size of their own. */
  static final int MOST_LG_K = 21;

  // See org.apache.datasketches.hll.PreambleUtil.
  private static final int PREAMBLE_INTS_AT = 0;
  private static final int FLAGS_AT = 5;
  private static final int MODE_AT = 7;
  private static final int HIP_AT = 8;
  private static final int OUT_OF_ORDER = 1 << 4;
  private static final int MODE_OF_REGISTERS = 2;

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
    return "distinct (HLL)";
  }

  @Override
  public Union empty() {
    return new Union(lgK);
  }

  /** The result has the smaller size of the two, since it can have no other. */
  @Override
  public Union merge(Union into, Union other) {
    if (other.isEmpty()) {
      return into;
    }
    Union merged = into;
    if (other.getLgConfigK() < into.getLgConfigK()) {
      merged = new Union(other.getLgConfigK());
      merged.update(into.getResult(TgtHllType.HLL_8));
    }
    merged.update(other.getResult(TgtHllType.HLL_8));
    return merged;
  }

  @Override
  public byte[] write(Union sketch) {
    byte[] bytes = sketch.getResult(TgtHllType.HLL_4).toCompactByteArray();
    if ((bytes[MODE_AT] & 3) == MODE_OF_REGISTERS) {
      bytes[FLAGS_AT] |= OUT_OF_ORDER;
      Arrays.fill(bytes, HIP_AT, HIP_AT + Double.BYTES, (byte) 0);
    } else {
      sortCoupons(bytes, (bytes[PREAMBLE_INTS_AT] & 0x3F) * Integer.BYTES);
    }
    return bytes;
  }

  @Override
  public Union parse(byte[] bytes) {
    HllSketch sketch = HllSketch.heapify(bytes);
    Union union = new Union(sketch.getLgConfigK());
    union.update(sketch);
    return union;
  }

  /** Few values are kept as hashes, in the order in which they came; the library takes any. */
  private static void sortCoupons(byte[] bytes, int from) {
    ByteBuffer buffer =
        ByteBuffer.wrap(bytes, from, bytes.length - from).order(ByteOrder.LITTLE_ENDIAN);
    int[] coupons = new int[buffer.remaining() / Integer.BYTES];
    buffer.asIntBuffer().get(coupons);
    Arrays.sort(coupons);
    buffer.asIntBuffer().put(coupons);
  }
}
