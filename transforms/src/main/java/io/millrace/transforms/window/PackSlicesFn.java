package io.millrace.transforms.window;

import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.transforms.windowing.GlobalWindow;
import org.apache.beam.sdk.values.KV;
import org.joda.time.Duration;
import org.joda.time.Instant;

/** Packs a bundle's elements; see {@link SlicePacker}. */
final class PackSlicesFn<T> extends DoFn<T, KV<Integer, byte[]>> {
  private static final long serialVersionUID = 1L;

  private final Slices slices;
  private final KeyLayout<T> keys;
  private final AccumulatorLayout layout;
  private final int buckets;
  private transient SlicePacker<T> packer;

  PackSlicesFn(Slices slices, KeyLayout<T> keys, AccumulatorLayout layout, int buckets) {
    this.slices = slices;
    this.keys = keys;
    this.layout = layout;
    this.buckets = buckets;
  }

  @Setup
  public void setup() {
    packer = new SlicePacker<>(slices, keys, layout, buckets);
  }

  @ProcessElement
  public void process(
      @Element T element, @Timestamp Instant timestamp, OutputReceiver<KV<Integer, byte[]>> out) {
    if (packer.add(element, timestamp.getMillis())) {
      packer.flush(
          (bucket, packet, earliest) ->
              out.outputWithTimestamp(KV.of(bucket, packet), Instant.ofEpochMilli(earliest)));
    }
  }

  @FinishBundle
  public void finishBundle(FinishBundleContext context) {
    packer.flush(
        (bucket, packet, earliest) ->
            context.output(
                KV.of(bucket, packet), Instant.ofEpochMilli(earliest), GlobalWindow.INSTANCE));
  }

  /** A packet may be older than the element that fills it; the runner holds the watermark. */
  @SuppressWarnings("deprecation")
  @Override
  public Duration getAllowedTimestampSkew() {
    return Duration.millis(BoundedWindow.TIMESTAMP_MAX_VALUE.getMillis());
  }
}
