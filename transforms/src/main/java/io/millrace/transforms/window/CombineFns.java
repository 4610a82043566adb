package io.millrace.transforms.window;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.beam.sdk.coders.BigDecimalCoder;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.CoderException;
import org.apache.beam.sdk.coders.CoderRegistry;
import org.apache.beam.sdk.coders.DelegateCoder;
import org.apache.beam.sdk.coders.DoubleCoder;
import org.apache.beam.sdk.coders.ListCoder;
import org.apache.beam.sdk.coders.NullableCoder;
import org.apache.beam.sdk.coders.SetCoder;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.apache.beam.sdk.schemas.Schema.FieldType;
import org.apache.beam.sdk.schemas.SchemaCoder;
import org.apache.beam.sdk.transforms.Combine.CombineFn;
import org.apache.beam.sdk.util.CoderUtils;
import org.checkerframework.checker.nullness.qual.Nullable;

/** The usual aggregates of values that may be null, or that are not plain numbers. */
final class CombineFns {

  /** One whose accumulators never change, so that nobody needs a copy. */
  interface OfValues {}

  /** A function of two values, over and over; null before the first. */
  private abstract static class FoldFn<V> extends CombineFn<V, @Nullable V, @Nullable V>
      implements OfValues {
    private static final long serialVersionUID = 1L;

    private final Coder<V> coder;

    FoldFn(Coder<V> coder) {
      this.coder = coder;
    }

    abstract V fold(V one, V other);

    @Override
    public @Nullable V createAccumulator() {
      return null;
    }

    @Override
    public @Nullable V addInput(@Nullable V accumulator, V input) {
      return accumulator == null ? input : fold(accumulator, input);
    }

    @Override
    public @Nullable V mergeAccumulators(Iterable<@Nullable V> accumulators) {
      V all = null;
      for (V accumulator : accumulators) {
        all = accumulator == null ? all : addInput(all, accumulator);
      }
      return all;
    }

    @Override
    public @Nullable V extractOutput(@Nullable V accumulator) {
      return accumulator;
    }

    @Override
    public Coder<@Nullable V> getAccumulatorCoder(CoderRegistry registry, Coder<V> inputCoder) {
      return NullableCoder.of(coder);
    }
  }

  private static final class LongSumFn extends FoldFn<Long> {
    private static final long serialVersionUID = 1L;

    LongSumFn() {
      super(VarLongCoder.of());
    }

    @Override
    Long fold(Long one, Long other) {
      return Math.addExact(one, other);
    }
  }

  private static final class DoubleSumFn extends FoldFn<Double> {
    private static final long serialVersionUID = 1L;

    DoubleSumFn() {
      super(DoubleCoder.of());
    }

    @Override
    Double fold(Double one, Double other) {
      return one + other;
    }
  }

  private static final class DecimalSumFn extends FoldFn<BigDecimal> {
    private static final long serialVersionUID = 1L;

    DecimalSumFn() {
      super(BigDecimalCoder.of());
    }

    @Override
    BigDecimal fold(BigDecimal one, BigDecimal other) {
      return one.add(other);
    }
  }

  /**
   * @throws IllegalArgumentException if values of this type cannot be added up
   */
  static CombineFn<?, ?, ?> sum(String name, FieldType type) {
    return switch (type.getTypeName()) {
      case INT64 -> new LongSumFn();
      case DOUBLE -> new DoubleSumFn();
      case DECIMAL -> new DecimalSumFn();
      default ->
          throw new IllegalArgumentException(
              "The sum "
                  + name
                  + " is of type "
                  + type.getTypeName()
                  + "; it must be INT64, DOUBLE or DECIMAL");
    };
  }

  /** The least or the greatest value. */
  static final class ExtremeFn extends FoldFn<Object> {
    private static final long serialVersionUID = 1L;

    private final ValueOrder order;
    private final boolean isGreatest;

    @SuppressWarnings("unchecked")
    ExtremeFn(String name, FieldType type, boolean isGreatest) {
      super(SchemaCoder.coderForFieldType(type.withNullable(false)));
      this.order = ValueOrder.of(name, type);
      this.isGreatest = isGreatest;
    }

    @Override
    Object fold(Object one, Object other) {
      return isGreatest == order.compare(one, other) > 0 ? one : other;
    }
  }

  /** How many values there are. */
  static final class CountFn extends CombineFn<Object, Long, Long> implements OfValues {
    private static final long serialVersionUID = 1L;

    @Override
    public Long createAccumulator() {
      return 0L;
    }

    @Override
    public Long addInput(Long accumulator, Object input) {
      return accumulator + 1;
    }

    @Override
    public Long mergeAccumulators(Iterable<Long> accumulators) {
      long all = 0;
      for (Long accumulator : accumulators) {
        all += accumulator;
      }
      return all;
    }

    @Override
    public Long extractOutput(Long accumulator) {
      return accumulator;
    }

    @Override
    public Coder<Long> getAccumulatorCoder(CoderRegistry registry, Coder<Object> inputCoder) {
      return VarLongCoder.of();
    }
  }

  /** The mean or the deviation of numbers, from their number, mean and squared differences. */
  static final class MomentsFn extends CombineFn<Number, List<Double>, @Nullable Double>
      implements OfValues {
    private static final long serialVersionUID = 1L;

    private final boolean isDeviation;

    MomentsFn(boolean isDeviation) {
      this.isDeviation = isDeviation;
    }

    @Override
    public List<Double> createAccumulator() {
      return List.of(0.0, 0.0, 0.0);
    }

    @Override
    public List<Double> addInput(List<Double> accumulator, Number input) {
      return join(accumulator, List.of(1.0, input.doubleValue(), 0.0));
    }

    @Override
    public List<Double> mergeAccumulators(Iterable<List<Double>> accumulators) {
      List<Double> all = createAccumulator();
      for (List<Double> accumulator : accumulators) {
        all = accumulator.get(0) == 0 ? all : join(all, accumulator);
      }
      return all;
    }

    private static List<Double> join(List<Double> one, List<Double> other) {
      double count = one.get(0) + other.get(0);
      double difference = other.get(1) - one.get(1);
      return List.of(
          count,
          one.get(1) + difference * other.get(0) / count,
          one.get(2) + other.get(2) + difference * difference * one.get(0) * other.get(0) / count);
    }

    @Override
    public @Nullable Double extractOutput(List<Double> accumulator) {
      if (accumulator.get(0) == 0) {
        return null;
      }
      return isDeviation ? Math.sqrt(accumulator.get(2) / accumulator.get(0)) : accumulator.get(1);
    }

    @Override
    public Coder<List<Double>> getAccumulatorCoder(
        CoderRegistry registry, Coder<Number> inputCoder) {
      return ListCoder.of(DoubleCoder.of());
    }
  }

  /** How many different values there are; two are the same if their encodings are. */
  static final class DistinctFn extends CombineFn<Object, Set<ByteBuffer>, Long> {
    private static final long serialVersionUID = 1L;

    private final Coder<Object> coder;

    @SuppressWarnings("unchecked")
    DistinctFn(FieldType type) {
      coder = SchemaCoder.coderForFieldType(type.withNullable(false));
    }

    @Override
    public Set<ByteBuffer> createAccumulator() {
      return new HashSet<>();
    }

    @Override
    public Set<ByteBuffer> addInput(Set<ByteBuffer> accumulator, Object input) {
      try {
        accumulator.add(ByteBuffer.wrap(CoderUtils.encodeToByteArray(coder, input)));
      } catch (CoderException e) {
        throw new IllegalStateException("A value cannot be encoded by " + coder, e);
      }
      return accumulator;
    }

    @Override
    public Set<ByteBuffer> mergeAccumulators(Iterable<Set<ByteBuffer>> accumulators) {
      Set<ByteBuffer> all = null;
      for (Set<ByteBuffer> accumulator : accumulators) {
        if (all == null) {
          all = accumulator;
        } else {
          all.addAll(accumulator);
        }
      }
      return all == null ? createAccumulator() : all;
    }

    @Override
    public Long extractOutput(Set<ByteBuffer> accumulator) {
      return (long) accumulator.size();
    }

    @Override
    public Coder<Set<ByteBuffer>> getAccumulatorCoder(
        CoderRegistry registry, Coder<Object> inputCoder) {
      return SetCoder.of(
          DelegateCoder.of(ByteArrayCoder.of(), ByteBuffer::array, ByteBuffer::wrap));
    }
  }

  private CombineFns() {}
}
