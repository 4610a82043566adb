package io.millrace.transforms.block;

import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.Coder.NonDeterministicException;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.display.DisplayData;
import org.apache.beam.sdk.transforms.windowing.GlobalWindow;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
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

  private final int buckets;

  private PackByKey(int buckets) {
    this.buckets = buckets;
  }

  /**
   * Packs into this many buckets, which bound the parallelism and stay as they are for a job's
   * life.
   *
   * @throws IllegalArgumentException if they are not from 1 to 32,768
   */
  public static <K, V> PackByKey<K, V> into(int buckets) {
    return new PackByKey<>(Buckets.check(buckets));
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
                    buckets, checkKeys(coder.getKeyCoder(), "PackByKey"), coder.getValueCoder())))
        .setCoder(OpenBlocks.CODER);
  }

  @Override
  public void populateDisplayData(DisplayData.Builder builder) {
    builder.add(DisplayData.item("buckets", buckets));
  }

  static final class PackFn<K, V> extends DoFn<KV<K, V>, KV<Integer, byte[]>> {
    private static final long serialVersionUID = 1L;

    private final int buckets;
    private final Coder<K> keyCoder;
    private final Coder<V> valueCoder;
    private transient ElementPacker<K, V> packer;

    PackFn(int buckets, Coder<K> keyCoder, Coder<V> valueCoder) {
      this.buckets = buckets;
      this.keyCoder = keyCoder;
      this.valueCoder = valueCoder;
    }

    @Setup
    public void setup() {
      packer = new ElementPacker<>(buckets, keyCoder, valueCoder);
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
