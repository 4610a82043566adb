package io.millrace.transforms.block;

import org.apache.beam.sdk.coders.Coder;
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
 * Packs elements that need not meet others of a key: one packet after the other, to each bucket in
 * turn. Their keys in the packets are empty. Else like {@link PackByKey}, which makes smaller
 * packets where bundles are small, since it fills those of all buckets at a time.
 *
 * <pre>{@code
 * events.apply(PackInTurn.over(64)).apply(ParDo.of(new CountFn()));
 * }</pre>
 */
public final class PackInTurn<T>
    extends PTransform<PCollection<T>, PCollection<KV<Integer, byte[]>>> {
  private static final long serialVersionUID = 1L;

  private final int buckets;

  private PackInTurn(int buckets) {
    this.buckets = buckets;
  }

  /**
   * Packs for this many buckets, which bound the parallelism.
   *
   * @throws IllegalArgumentException if they are not from 1 to 32,768
   */
  public static <T> PackInTurn<T> over(int buckets) {
    return new PackInTurn<>(Buckets.check(buckets));
  }

  @Override
  public PCollection<KV<Integer, byte[]>> expand(PCollection<T> input) {
    GlobalInput.require(input, "PackInTurn");
    return input
        .apply("Pack", ParDo.of(new PackFn<>(buckets, input.getCoder())))
        .setCoder(OpenBlocks.CODER);
  }

  @Override
  public void populateDisplayData(DisplayData.Builder builder) {
    builder.add(DisplayData.item("buckets", buckets));
  }

  static final class PackFn<T> extends DoFn<T, KV<Integer, byte[]>> {
    private static final long serialVersionUID = 1L;
    private static final byte[] NO_KEY = {};

    private final int buckets;
    private final Coder<T> coder;
    private transient OpenBlocks<PacketWriter> packets;
    private transient EncodedBytes encoded;
    private transient int bucket;

    PackFn(int buckets, Coder<T> coder) {
      this.buckets = buckets;
      this.coder = coder;
    }

    @Setup
    public void setup() {
      packets = new OpenBlocks<>(buckets, PacketWriter::new);
      encoded = new EncodedBytes();
    }

    @ProcessElement
    public void process(
        @Element T element, @Timestamp Instant timestamp, OutputReceiver<KV<Integer, byte[]>> out) {
      encoded.encode(coder, element);
      packets
          .open(bucket, timestamp.getMillis())
          .write(timestamp.getMillis(), NO_KEY, 0, encoded.bytes(), encoded.size());
      if (packets.isFull(bucket)) {
        packets.output(bucket, out::outputWithTimestamp);
        turn();
      }
    }

    @FinishBundle
    public void finishBundle(FinishBundleContext context) {
      packets.finish(
          (packet, timestamp) -> context.output(packet, timestamp, GlobalWindow.INSTANCE));
      turn();
    }

    private void turn() {
      bucket = (bucket + 1) % buckets;
    }

    @SuppressWarnings("deprecation") // see OpenBlocks
    @Override
    public Duration getAllowedTimestampSkew() {
      return OpenBlocks.SKEW;
    }
  }
}
