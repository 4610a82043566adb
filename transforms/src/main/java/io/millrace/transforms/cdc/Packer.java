package io.millrace.transforms.cdc;

import io.millrace.schemas.ChangeEvent;
import io.millrace.schemas.ChangeEventWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.beam.sdk.transforms.DoFn.OutputReceiver;
import org.apache.beam.sdk.values.KV;
import org.joda.time.Instant;

/**
 * Packs a bundle's changes into blocks by bucket of keys. A block carries the earliest timestamp of
 * its changes, so that no watermark passes one that is still on its way.
 */
final class Packer {
  private static final int BLOCK_BYTES = 16 * 1024;

  /** Takes what is left when a bundle ends. */
  interface Remainder {
    void output(KV<Integer, byte[]> block, Instant timestamp);
  }

  private final int buckets;
  private final ChangeEventWriter[] writers;
  private final long[] earliest;
  private final List<Integer> open = new ArrayList<>();

  Packer(int buckets) {
    this.buckets = buckets;
    writers = new ChangeEventWriter[buckets];
    earliest = new long[buckets];
    Arrays.fill(earliest, Long.MAX_VALUE);
  }

  /** Adds a change with its timestamp in milliseconds. */
  void add(ChangeEvent event, long timestamp, OutputReceiver<KV<Integer, byte[]>> out) {
    int bucket = event.operation().isOfTable() ? 0 : bucket(event);
    if (writers[bucket] == null) {
      writers[bucket] = new ChangeEventWriter(1024);
    }
    ChangeEventWriter writer = writers[bucket];
    if (writer.isEmpty()) {
      open.add(bucket);
    }
    writer.write(event);
    earliest[bucket] = Math.min(earliest[bucket], timestamp);
    if (writer.length() >= BLOCK_BYTES) {
      out.outputWithTimestamp(KV.of(bucket, writer.take()), Instant.ofEpochMilli(earliest[bucket]));
      earliest[bucket] = Long.MAX_VALUE;
    }
  }

  /** Hands over what is left. */
  void finish(Remainder remainder) {
    for (int bucket : open) {
      if (!writers[bucket].isEmpty()) {
        remainder.output(
            KV.of(bucket, writers[bucket].take()), Instant.ofEpochMilli(earliest[bucket]));
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
}
