package io.millrace.transforms.sketch;

import com.google.auto.value.AutoValue;
import io.millrace.transforms.sketch.FrequentItemsFamily.ItemType;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.ListCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.apache.beam.sdk.transforms.Combine.CombineFn;
import org.apache.beam.sdk.transforms.SerializableBiFunction;
import org.apache.beam.sdk.values.KV;
import org.apache.datasketches.frequencies.ErrorType;
import org.apache.datasketches.frequencies.ItemsSketch;

/**
 * Finds the items that come most often, or weigh most, in bounded space: frequent items of <a
 * href="https://datasketches.apache.org/docs/Frequency/FrequentItemsOverview.html">Apache
 * DataSketches</a>.
 *
 * <p><b>Error.</b> It is certain, not only likely: an item's frequency lies from its lower to its
 * upper bound, which are at most 3.5 / {@code maxMapSize} of all weight apart (1,024, the default:
 * 0.35%), and no item is missed that has more than that. Up to three quarters of {@code maxMapSize}
 * different items all numbers are exact. (Anderson, Bevan, Lang, Liberty, Rhodes and Thaler, <a
 * href="https://arxiv.org/abs/1705.07001">A High-Performance Algorithm for Identifying Frequent
 * Items in Data Streams</a>, 2017.)
 *
 * <p><b>Order and duplicates.</b> Every item counts as often as it comes. Once there are more items
 * than fit, what is kept depends on the order in which they came and on how sketches were merged;
 * the bounds hold always.
 *
 * <p><b>Size.</b> Written: 8 bytes and the item's own (text: 4 and its UTF-8) for each item kept,
 * so at most 12 KB with longs and 1,024. In memory, and per key and window while combining, about
 * 18 bytes for each place of the map, which grows as needed, beside the items.
 *
 * <p><b>Form.</b> What is written is the serialized form of DataSketches itself (with its own
 * version byte), which its other libraries and, for text, its extension of PostgreSQL read. Nulls
 * are passed over.
 *
 * <pre>{@code
 * products.apply(Combine.perKey(FrequentItemsSketch.ofTexts().toTop(10)));
 * List<Frequency<String>> top = FrequentItemsSketch.topTexts(bytes, 10);
 * }</pre>
 */
public final class FrequentItemsSketch {
  private static final int DEFAULT_MAX_MAP_SIZE = 1024;
  private static final FrequentItemsFamily<String> TEXTS =
      new FrequentItemsFamily<>(ItemType.TEXT, DEFAULT_MAX_MAP_SIZE);
  private static final FrequentItemsFamily<Long> LONGS =
      new FrequentItemsFamily<>(ItemType.LONG, DEFAULT_MAX_MAP_SIZE);

  /** Counts text. */
  public static Of<String, String> ofTexts() {
    return new AutoValue_FrequentItemsSketch_Of<>(
        FrequentItemsFamily::add, TEXTS, StringUtf8Coder.of());
  }

  /** Counts whole numbers. */
  public static Of<Long, Long> ofLongs() {
    return new AutoValue_FrequentItemsSketch_Of<>(
        FrequentItemsFamily::add, LONGS, VarLongCoder.of());
  }

  /**
   * Adds up weights of text. A weight below zero ends the run, with an {@link
   * IllegalArgumentException}.
   */
  public static Of<KV<String, Long>, String> ofWeightedTexts() {
    return new AutoValue_FrequentItemsSketch_Of<>(
        FrequentItemsFamily::addWeighted, TEXTS, StringUtf8Coder.of());
  }

  /** Adds up weights of whole numbers; see {@link #ofWeightedTexts}. */
  public static Of<KV<Long, Long>, Long> ofWeightedLongs() {
    return new AutoValue_FrequentItemsSketch_Of<>(
        FrequentItemsFamily::addWeighted, LONGS, VarLongCoder.of());
  }

  /**
   * Merges sketches of text that were written. The result has the size of one of them. Bytes that
   * are no such sketch end the run, with an {@link IllegalArgumentException}.
   */
  public static Of<byte[], String> ofSketchesOfTexts() {
    return new AutoValue_FrequentItemsSketch_Of<>(
        (sketch, bytes) -> TEXTS.merge(sketch, TEXTS.read(bytes)), TEXTS, StringUtf8Coder.of());
  }

  /** Merges sketches of whole numbers that were written; see {@link #ofSketchesOfTexts}. */
  public static Of<byte[], Long> ofSketchesOfLongs() {
    return new AutoValue_FrequentItemsSketch_Of<>(
        (sketch, bytes) -> LONGS.merge(sketch, LONGS.read(bytes)), LONGS, VarLongCoder.of());
  }

  /**
   * The sketch of all items of these sketches of text; see {@link #ofSketchesOfTexts}.
   *
   * @throws IllegalArgumentException if the bytes of one are no such sketch
   */
  public static byte[] mergeTexts(Iterable<byte[]> sketches) {
    return SketchFn.combine(ofSketchesOfTexts().toSketch(), sketches);
  }

  /** The sketch of all items of these sketches of numbers; see {@link #mergeTexts}. */
  public static byte[] mergeLongs(Iterable<byte[]> sketches) {
    return SketchFn.combine(ofSketchesOfLongs().toSketch(), sketches);
  }

  /**
   * The most frequent texts of a sketch, the most frequent first; those of equal estimate in their
   * own order.
   *
   * @param count how many at most
   * @throws IllegalArgumentException if the bytes are no such sketch
   */
  public static List<Frequency<String>> topTexts(byte[] sketch, int count) {
    return top(TEXTS.read(sketch), count);
  }

  /** The most frequent numbers of a sketch; see {@link #topTexts}. */
  public static List<Frequency<Long>> topLongs(byte[] sketch, int count) {
    return top(LONGS.read(sketch), count);
  }

  private static <T extends Comparable<T>> List<Frequency<T>> top(
      ItemsSketch<T> sketch, int count) {
    return Stream.of(sketch.getFrequentItems(ErrorType.NO_FALSE_NEGATIVES))
        .map(
            row ->
                new Frequency<>(
                    row.getItem(), row.getEstimate(), row.getLowerBound(), row.getUpperBound()))
        .sorted(
            Comparator.<Frequency<T>>comparingLong(Frequency::estimate)
                .reversed()
                .thenComparing(Frequency::item))
        .limit(count)
        .toList();
  }

  /** What is counted, and how large the sketch is. */
  @AutoValue
  public abstract static class Of<InputT, T extends Comparable<T>> {
    abstract SerializableBiFunction<ItemsSketch<T>, InputT, ItemsSketch<T>> add();

    abstract FrequentItemsFamily<T> family();

    abstract Coder<T> itemCoder();

    /**
     * Sets how many places the map of items may have; three quarters are used.
     *
     * @throws IllegalArgumentException if it is no power of two from 8 to 67,108,864
     */
    public Of<InputT, T> withMaxMapSize(int maxMapSize) {
      if (maxMapSize < 8 || maxMapSize > 1 << 26 || Integer.bitCount(maxMapSize) != 1) {
        throw new IllegalArgumentException(
            "maxMapSize must be a power of two from 8 to 67108864, got " + maxMapSize);
      }
      return new AutoValue_FrequentItemsSketch_Of<>(
          add(), new FrequentItemsFamily<>(family().type(), maxMapSize), itemCoder());
    }

    /** Combines to the sketch itself, to be stored and merged later. */
    public CombineFn<InputT, ?, byte[]> toSketch() {
      FrequentItemsFamily<T> family = family();
      return new SketchFn<>(family, add(), family::write, ByteArrayCoder.of());
    }

    /**
     * Combines to the most frequent items, the most frequent first; those of equal estimate in
     * their own order.
     *
     * @param count how many at most; one or more
     * @throws IllegalArgumentException if {@code count} is less
     */
    public CombineFn<InputT, ?, List<Frequency<T>>> toTop(int count) {
      if (count < 1) {
        throw new IllegalArgumentException("count must be 1 or more, got " + count);
      }
      return new SketchFn<>(
          family(),
          add(),
          sketch -> top(sketch, count),
          ListCoder.of(FrequencyCoder.of(itemCoder())));
    }
  }

  private FrequentItemsSketch() {}
}
