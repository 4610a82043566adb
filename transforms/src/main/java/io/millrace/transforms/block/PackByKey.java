package io.millrace.transforms.block;

import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.Coder.NonDeterministicException;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.SerializableFunction;
import org.apache.beam.sdk.transforms.display.DisplayData;
import org.apache.beam.sdk.transforms.windowing.GlobalWindow;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.joda.time.Duration;
import org.joda.time.Instant;

/**
 * Packs keyed elements into packets by bucket of their keys, so that a stateful DoFn pays a
 * runner's price for a shuffle and for state once a packet, not once an element. {@link
 * PacketReader} walks over a packet.
 *
 * <p>All elements of a key are in packets of one bucket. Order, duplicates: passed through as they
 * come. A packet has some 16 KB, or what a bundle brought, and the earliest timestamp in it; each
 * element keeps its own inside. Input is in the global window, and its keys have a deterministic
 * coder. No state.
 *
 * <pre>{@code
 * events.apply(PackByKey.into(Buckets.DEFAULT)).apply(ParDo.of(new CountFn()));
 * }</pre>
 */
public final class PackByKey<K, V>
    extends PTransform<PCollection<KV<K, V>>, PCollection<KV<Integer, byte[]>>> {
  private static final long serialVersionUID = 1L;

  private static final int MOST_SIDES = 255;

  private final int buckets;
  private final int side;
  private final int fanout;
  private final boolean isCopied;
  private final @Nullable SerializableFunction<V, Integer> hash;

  private PackByKey(
      int buckets,
      int side,
      int fanout,
      boolean isCopied,
      @Nullable SerializableFunction<V, Integer> hash) {
    this.buckets = buckets;
    this.side = side;
    this.fanout = fanout;
    this.isCopied = isCopied;
    this.hash = hash;
  }

  /**
   * Packs into this many buckets, which bound the parallelism and stay as they are for a job's
   * life.
   *
   * @throws IllegalArgumentException if they are not from 1 to 32,768
   */
  public static <K, V> PackByKey<K, V> into(int buckets) {
    return new PackByKey<>(Buckets.check(buckets), PacketWriter.NO_SIDE, 1, false, null);
  }

  /**
   * Marks the packets, for a DoFn that takes packets of several inputs; see {@link
   * PacketReader#side}.
   *
   * @param side from 1 to 255
   * @throws IllegalArgumentException if {@code side} is not one
   */
  public PackByKey<K, V> asSide(int side) {
    if (side < 1 || side > MOST_SIDES) {
      throw new IllegalArgumentException("side must be from 1 to " + MOST_SIDES + ", got " + side);
    }
    return new PackByKey<>(buckets, side, fanout, isCopied, hash);
  }

  /**
   * Spreads the elements of each key over several buckets by what is in them, so that many elements
   * of one key are work for several workers. Equal elements are in one bucket. What they meet there
   * is {@linkplain #copiedTo copied} to as many.
   *
   * @throws IllegalArgumentException if {@code fanout} is not from 1 to the number of buckets
   */
  public PackByKey<K, V> spreadOver(int fanout) {
    return new PackByKey<>(buckets, side, checkFanout(fanout), false, null);
  }

  /**
   * Spreads as {@link #spreadOver(int)} does, but by a hash of what is to be together.
   *
   * @param hash of a value, which need not be a good one
   * @throws IllegalArgumentException if {@code fanout} is not from 1 to the number of buckets
   */
  public PackByKey<K, V> spreadOver(int fanout, SerializableFunction<V, Integer> hash) {
    return new PackByKey<>(buckets, side, checkFanout(fanout), false, hash);
  }

  /**
   * Puts each element into all of the buckets over which {@link #spreadOver} spreads those of its
   * key.
   *
   * @throws IllegalArgumentException if {@code fanout} is not from 1 to the number of buckets
   */
  public PackByKey<K, V> copiedTo(int fanout) {
    return new PackByKey<>(buckets, side, checkFanout(fanout), true, null);
  }

  private int checkFanout(int fanout) {
    if (fanout < 1 || fanout > buckets) {
      throw new IllegalArgumentException(
          "fanout must be from 1 to the " + buckets + " buckets, got " + fanout);
    }
    return fanout;
  }

  int buckets() {
    return buckets;
  }

  int side() {
    return side;
  }

  int fanout() {
    return fanout;
  }

  boolean isCopied() {
    return isCopied;
  }

  /** What spreads values; null where their bytes do. */
  @Nullable SerializableFunction<V, Integer> hash() {
    return hash;
  }

  /** One of the buckets that take the elements of keys that are in this bucket. */
  int fannedOut(int bucket, int place) {
    return (bucket + place * (buckets / fanout)) % buckets;
  }

  /**
   * The coder of keys, if equal keys are equal bytes by it.
   *
   * @param transform that needs it
   * @throws IllegalArgumentException if it is not deterministic
   */
  public static <K> Coder<K> checkKeys(Coder<K> coder, String transform) {
    try {
      coder.verifyDeterministic();
      return coder;
    } catch (NonDeterministicException e) {
      throw new IllegalArgumentException(
          transform
              + " needs keys with a deterministic coder, got "
              + coder
              + "; key by text or numbers, or set another coder",
          e);
    }
  }

  @Override
  public PCollection<KV<Integer, byte[]>> expand(PCollection<KV<K, V>> input) {
    GlobalInput.require(input, "PackByKey");
    KvCoder<K, V> coder = (KvCoder<K, V>) input.getCoder();
    return input
        .apply(
            "Pack",
            ParDo.of(
                new PackFn<>(
                    this, checkKeys(coder.getKeyCoder(), "PackByKey"), coder.getValueCoder())))
        .setCoder(OpenBlocks.CODER);
  }

  @Override
  public void populateDisplayData(DisplayData.Builder builder) {
    builder
        .add(DisplayData.item("buckets", buckets))
        .addIfNotDefault(DisplayData.item("side", side), PacketWriter.NO_SIDE)
        .addIfNotDefault(DisplayData.item("fanout", fanout), 1)
        .addIfNotDefault(DisplayData.item("isCopied", isCopied), false);
  }

  static final class PackFn<K, V> extends DoFn<KV<K, V>, KV<Integer, byte[]>> {
    private static final long serialVersionUID = 1L;

    private final PackByKey<K, V> packing;
    private final Coder<K> keyCoder;
    private final Coder<V> valueCoder;
    private transient ElementPacker<K, V> packer;

    PackFn(PackByKey<K, V> packing, Coder<K> keyCoder, Coder<V> valueCoder) {
      this.packing = packing;
      this.keyCoder = keyCoder;
      this.valueCoder = valueCoder;
    }

    @Setup
    public void setup() {
      packer = new ElementPacker<>(packing, keyCoder, valueCoder);
    }

    @ProcessElement
    public void process(
        @Element KV<K, V> element,
        @Timestamp Instant timestamp,
        OutputReceiver<KV<Integer, byte[]>> out) {
      packer.add(element.getKey(), element.getValue(), timestamp.getMillis(), out);
    }

    @FinishBundle
    public void finishBundle(FinishBundleContext context) {
      packer.finish(
          (packet, timestamp) -> context.output(packet, timestamp, GlobalWindow.INSTANCE));
    }

    @SuppressWarnings("deprecation") // see OpenBlocks
    @Override
    public Duration getAllowedTimestampSkew() {
      return OpenBlocks.SKEW;
    }
  }
}
