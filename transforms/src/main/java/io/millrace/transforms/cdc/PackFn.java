package io.millrace.transforms.cdc;

import io.millrace.schemas.ChangeEvent;
import io.millrace.schemas.ChangeEventWriter;
import io.millrace.schemas.Operation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.transforms.windowing.GlobalWindow;
import org.apache.beam.sdk.values.KV;
import org.joda.time.Duration;
import org.joda.time.Instant;

/**
 * Packs changes into blocks by bucket of keys. A block carries the earliest timestamp of its
 * changes, so that no watermark passes one that is still on its way.
 */
final class PackFn extends DoFn<ChangeEvent, KV<Integer, byte[]>> {
  private static final long serialVersionUID = 1L;
  private static final int BLOCK_BYTES = 16 * 1024;

  private final int buckets;
  private transient ChangeEventWriter[] writers;
  private transient long[] earliest;
  private transient List<Integer> open;

  PackFn(int buckets) {
    this.buckets = buckets;
  }

  @StartBundle
  public void startBundle() {
    if (writers == null) {
      writers = new ChangeEventWriter[buckets];
      earliest = new long[buckets];
      Arrays.fill(earliest, Long.MAX_VALUE);
      open = new ArrayList<>();
    }
  }

  @ProcessElement
  public void process(
      @Element ChangeEvent event,
      @Timestamp Instant timestamp,
      OutputReceiver<KV<Integer, byte[]>> out) {
    int bucket = event.operation() == Operation.TRUNCATE ? 0 : bucket(event);
    if (writers[bucket] == null) {
      writers[bucket] = new ChangeEventWriter(1024);
    }
    ChangeEventWriter writer = writers[bucket];
    if (writer.isEmpty()) {
      open.add(bucket);
    }
    writer.write(event);
    earliest[bucket] = Math.min(earliest[bucket], timestamp.getMillis());
    if (writer.length() >= BLOCK_BYTES) {
      out.outputWithTimestamp(KV.of(bucket, writer.take()), Instant.ofEpochMilli(earliest[bucket]));
      earliest[bucket] = Long.MAX_VALUE;
    }
  }

  @FinishBundle
  public void finishBundle(FinishBundleContext context) {
    for (int bucket : open) {
      if (!writers[bucket].isEmpty()) {
        context.output(
            KV.of(bucket, writers[bucket].take()),
            Instant.ofEpochMilli(earliest[bucket]),
            GlobalWindow.INSTANCE);
        earliest[bucket] = Long.MAX_VALUE;
      }
    }
    open.clear();
  }

  private int bucket(ChangeEvent event) {
    int hash = 31 * event.table().hashCode() + event.key().hashCode();
    hash *= 0x85EBCA6B;
    return Math.floorMod(hash ^ (hash >>> 16), buckets);
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
