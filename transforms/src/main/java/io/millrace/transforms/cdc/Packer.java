package io.millrace.transforms.cdc;

import io.millrace.schemas.ChangeEvent;
import io.millrace.schemas.ChangeEventWriter;
import io.millrace.transforms.block.Buckets;
import io.millrace.transforms.block.OpenBlocks;
import org.apache.beam.sdk.transforms.DoFn.OutputReceiver;
import org.apache.beam.sdk.values.KV;

/** Packs a bundle's changes into blocks by bucket of keys; see {@link OpenBlocks}. */
final class Packer {
  private final int buckets;
  private final OpenBlocks<ChangeEventWriter> blocks;

  Packer(int buckets) {
    this.buckets = buckets;
    blocks = new OpenBlocks<>(buckets, () -> new ChangeEventWriter(1024));
  }

  /** Adds a change with its timestamp in milliseconds. */
  void add(ChangeEvent event, long timestamp, OutputReceiver<KV<Integer, byte[]>> out) {
    int hash = 31 * event.table().hashCode() + event.key().hashCode();
    int bucket = event.operation().isOfTable() ? 0 : Buckets.of(hash, buckets);
    blocks.open(bucket, timestamp).write(event);
    if (blocks.isFull(bucket)) {
      blocks.output(bucket, out::outputWithTimestamp);
    }
  }

  /** Hands over what is left. */
  void finish(OpenBlocks.Output out) {
    blocks.finish(out);
  }
}
