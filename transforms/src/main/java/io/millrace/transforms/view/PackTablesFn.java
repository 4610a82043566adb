package io.millrace.transforms.view;

import io.millrace.schemas.ChangeEvent;
import io.millrace.schemas.ChangeEventWriter;
import io.millrace.schemas.Operation;
import io.millrace.transforms.block.Buckets;
import io.millrace.transforms.block.OpenBlocks;
import java.util.HashSet;
import java.util.List;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.windowing.GlobalWindow;
import org.apache.beam.sdk.values.KV;
import org.joda.time.Duration;
import org.joda.time.Instant;

/**
 * Packs the changes of tables that views are made of by bucket of their rows' keys, and leaves out
 * those of other tables. What concerns a table as a whole goes to every bucket.
 */
final class PackTablesFn extends DoFn<ChangeEvent, KV<Integer, byte[]>> {
  private static final long serialVersionUID = 1L;

  private final HashSet<String> tables;
  private final int buckets;
  private transient OpenBlocks<ChangeEventWriter> blocks;

  PackTablesFn(List<ViewTable> tables, int buckets) {
    this.tables = new HashSet<>();
    tables.forEach(table -> this.tables.add(table.table().physicalName()));
    this.buckets = buckets;
  }

  @Setup
  public void setup() {
    blocks = new OpenBlocks<>(buckets, () -> new ChangeEventWriter(1024));
  }

  @ProcessElement
  public void process(
      @Element ChangeEvent change,
      @Timestamp Instant timestamp,
      OutputReceiver<KV<Integer, byte[]>> out) {
    if (!tables.contains(change.table()) || change.operation() == Operation.SNAPSHOT_START) {
      return;
    }
    if (change.operation().isOfTable()) {
      for (int bucket = 0; bucket < buckets; bucket++) {
        add(change, bucket, timestamp, out);
      }
    } else {
      int hash = 31 * change.table().hashCode() + change.key().hashCode();
      add(change, Buckets.of(hash, buckets), timestamp, out);
    }
  }

  private void add(
      ChangeEvent change, int bucket, Instant timestamp, OutputReceiver<KV<Integer, byte[]>> out) {
    blocks.open(bucket, timestamp.getMillis()).write(change);
    if (blocks.isFull(bucket)) {
      blocks.output(bucket, out::outputWithTimestamp);
    }
  }

  @FinishBundle
  public void finishBundle(FinishBundleContext context) {
    blocks.finish((block, timestamp) -> context.output(block, timestamp, GlobalWindow.INSTANCE));
  }

  @SuppressWarnings("deprecation") // see OpenBlocks
  @Override
  public Duration getAllowedTimestampSkew() {
    return OpenBlocks.SKEW;
  }
}
