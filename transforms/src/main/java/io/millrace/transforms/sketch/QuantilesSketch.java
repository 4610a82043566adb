package io.millrace.transforms.sketch;

import com.google.auto.value.AutoValue;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.DoubleCoder;
import org.apache.beam.sdk.coders.ListCoder;
import org.apache.beam.sdk.transforms.Combine.CombineFn;
import org.apache.beam.sdk.transforms.SerializableBiFunction;
import org.apache.datasketches.kll.KllDoublesSketch;
import org.apache.datasketches.quantilescommon.QuantileSearchCriteria;

/**
 * Finds quantiles (median, p95, p99) in bounded space: KLL of <a
 * href="https://datasketches.apache.org/docs/KLL/KLLSketch.html">Apache DataSketches</a>.
 *
 * <p>The quantile of rank r is the least of the values such that a share r of all values is less or
 * equal; it is always a value that came. Numbers of any type are taken as double.
 *
 * <p><b>Error.</b> It is one of rank, not of value: with k = 200, the default, the quantile that is
 * told for rank r has, with a confidence of 99%, a true rank from r - 1.33% to r + 1.33% (so a p99
 * may be anything from p97.7 on; take k = 2000 for 0.14%). {@link #rankError} tells it for a
 * sketch. The least and the greatest value are exact, and so is every quantile while there are no
 * more than k values. (Karnin, Lang and Liberty, <a href="https://arxiv.org/abs/1603.05346">Optimal
 * Quantile Approximation in Streams</a>, 2016.)
 *
 * <p><b>Order and duplicates.</b> Every value counts as often as it comes. Beyond k values the
 * sketch draws at random: the same values give other quantiles another time, each within the error,
 * and so does merging the same sketches again. Who takes an answer back must therefore keep what he
 * gave.
 *
 * <p><b>Size.</b> Written and in memory, and per key and window while combining: 8 bytes a value,
 * up to about 24 × k, and hardly more for any number of values (k = 200: 5 KB at a million).
 *
 * <p><b>Form.</b> What is written is the serialized form of DataSketches itself (KLL of doubles,
 * with its own version byte), which its other libraries and its extension of PostgreSQL read. Nulls
 * and NaN are passed over.
 *
 * <pre>{@code
 * values.apply(Combine.perKey(QuantilesSketch.ofNumbers().toQuantiles(0.5, 0.95)));
 * double median = QuantilesSketch.quantile(bytes, 0.5);
 * }</pre>
 */
public final class QuantilesSketch {
  private static final int DEFAULT_K = 200;
  private static final KllFamily FAMILY = new KllFamily(DEFAULT_K);

  /** Sketches numbers of any type, as double. */
  public static <T extends Number> Of<T> ofNumbers() {
    return new AutoValue_QuantilesSketch_Of<>(KllFamily::add, DEFAULT_K);
  }

  /**
   * Merges sketches that were written. The result has the size of one of them, and the error of the
   * smallest. Bytes that are no such sketch end the run, with an {@link IllegalArgumentException}.
   */
  public static Of<byte[]> ofSketches() {
    return new AutoValue_QuantilesSketch_Of<>(
        (sketch, bytes) -> FAMILY.merge(sketch, FAMILY.read(bytes)), DEFAULT_K);
  }

  /**
   * The sketch of all values of these sketches; see {@link #ofSketches}.
   *
   * @throws IllegalArgumentException if the bytes of one are no such sketch
   */
  public static byte[] merge(Iterable<byte[]> sketches) {
    return SketchFn.combine(ofSketches().toSketch(), sketches);
  }

  /**
   * A quantile; NaN of an empty sketch.
   *
   * @param rank the share of values that are less or equal, from 0 (the least) to 1 (the greatest)
   * @throws IllegalArgumentException if the rank is another or the bytes are no such sketch
   */
  public static double quantile(byte[] sketch, double rank) {
    return quantile(FAMILY.read(sketch), requireRank(rank));
  }

  /**
   * The share of values that are less than or equal to one, about; NaN of an empty sketch.
   *
   * @throws IllegalArgumentException if the bytes are no such sketch
   */
  public static double rank(byte[] sketch, double value) {
    KllDoublesSketch read = FAMILY.read(sketch);
    return read.isEmpty() ? Double.NaN : read.getRank(value, QuantileSearchCriteria.INCLUSIVE);
  }

  /**
   * How many values came.
   *
   * @throws IllegalArgumentException if the bytes are no such sketch
   */
  public static long count(byte[] sketch) {
    return FAMILY.read(sketch).getN();
  }

  /**
   * How far the rank of a quantile may be from the one asked for, with a confidence of 99%: 0.0133
   * is 1.33 percentiles.
   *
   * @throws IllegalArgumentException if the bytes are no such sketch
   */
  public static double rankError(byte[] sketch) {
    KllDoublesSketch read = FAMILY.read(sketch);
    return read.isEstimationMode() ? read.getNormalizedRankError(false) : 0;
  }

  private static double quantile(KllDoublesSketch sketch, double rank) {
    return sketch.isEmpty()
        ? Double.NaN
        : sketch.getQuantile(rank, QuantileSearchCriteria.INCLUSIVE);
  }

  private static double requireRank(double rank) {
    if (!(rank >= 0 && rank <= 1)) {
      throw new IllegalArgumentException("The rank must be from 0 to 1, got " + rank);
    }
    return rank;
  }

  /** What is sketched, and how large the sketch is. */
  @AutoValue
  public abstract static class Of<T> {
    abstract SerializableBiFunction<KllDoublesSketch, T, KllDoublesSketch> add();

    abstract int k();

    /**
     * Sets the size; see the class for what follows from it.
     *
     * @throws IllegalArgumentException if it is not from 8 to 65,535
     */
    public Of<T> withK(int k) {
      if (k < 8 || k > KllDoublesSketch.MAX_K) {
        throw new IllegalArgumentException("k must be from 8 to 65535, got " + k);
      }
      return new AutoValue_QuantilesSketch_Of<>(add(), k);
    }

    /** Combines to the sketch itself, to be stored and merged later. */
    public CombineFn<T, ?, byte[]> toSketch() {
      KllFamily family = new KllFamily(k());
      return new SketchFn<>(family, add(), family::write, ByteArrayCoder.of());
    }

    /**
     * Combines to one quantile; NaN where there are no values.
     *
     * @param rank the share of values that are less or equal, from 0 to 1
     * @throws IllegalArgumentException if the rank is another
     */
    public CombineFn<T, ?, Double> toQuantile(double rank) {
      requireRank(rank);
      return new SketchFn<>(
          new KllFamily(k()), add(), sketch -> quantile(sketch, rank), DoubleCoder.of());
    }

    /**
     * Combines to a quantile for each rank, in their order; NaN where there are no values.
     *
     * @throws IllegalArgumentException if a rank is not from 0 to 1
     */
    public CombineFn<T, ?, List<Double>> toQuantiles(double... ranks) {
      double[] checked = ranks.clone();
      for (double rank : checked) {
        requireRank(rank);
      }
      return new SketchFn<>(
          new KllFamily(k()),
          add(),
          sketch -> {
            List<Double> quantiles = new ArrayList<>(checked.length);
            for (double rank : checked) {
              quantiles.add(quantile(sketch, rank));
            }
            return quantiles;
          },
          ListCoder.of(DoubleCoder.of()));
    }
  }

  private QuantilesSketch() {}
}
