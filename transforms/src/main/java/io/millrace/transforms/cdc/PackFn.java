package io.millrace.transforms.cdc;

import io.millrace.schemas.ChangeEvent;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
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

  /**
   * A block may be older than the change that fills it; the runner holds the watermark meanwhile.
   */
  @SuppressWarnings("deprecation")
  @Override
  public Duration getAllowedTimestampSkew() {
    return Duration.millis(BoundedWindow.TIMESTAMP_MAX_VALUE.getMillis());
  }
}
