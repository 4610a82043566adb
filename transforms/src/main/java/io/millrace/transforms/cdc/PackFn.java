package io.millrace.transforms.cdc;

import io.millrace.schemas.ChangeEvent;
import io.millrace.transforms.block.OpenBlocks;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.windowing.GlobalWindow;
import org.apache.beam.sdk.values.KV;
import org.joda.time.Duration;
import org.joda.time.Instant;

/** Packs changes that come one by one; see {@link Packer}. */
final class PackFn extends DoFn<ChangeEvent, KV<Integer, byte[]>> {
  private static final long serialVersionUID = 1L;

  private final int buckets;
  private transient Packer packer;

  PackFn(int buckets) {
    this.buckets = buckets;
  }

  @Setup
  public void setup() {
    packer = new Packer(buckets);
  }

  @ProcessElement
  public void process(
      @Element ChangeEvent event,
      @Timestamp Instant timestamp,
      OutputReceiver<KV<Integer, byte[]>> out) {
    packer.add(event, timestamp.getMillis(), out);
  }

  @FinishBundle
  public void finishBundle(FinishBundleContext context) {
    packer.finish((block, timestamp) -> context.output(block, timestamp, GlobalWindow.INSTANCE));
  }

  @SuppressWarnings("deprecation") // see OpenBlocks
  @Override
  public Duration getAllowedTimestampSkew() {
    return OpenBlocks.SKEW;
  }
}
