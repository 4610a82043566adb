package io.millrace.transforms.block;

import io.millrace.schemas.wire.BlockWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.Supplier;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.values.KV;
import org.joda.time.Duration;
import org.joda.time.Instant;

/**
 * The blocks that a bundle is filling, one for each bucket of keys. A block goes out when it has 16
 * KB or the bundle ends, with the earliest timestamp of what is in it, so that no watermark passes
 * an element that is still on its way: a runner holds its watermark while a bundle is open.
 *
 * <p>A block may be older than the element that fills it; a DoFn that packs allows for it with
 * {@link #SKEW}.
 */
public final class OpenBlocks<W extends BlockWriter> {

  /** The coder of blocks by bucket. */
  public static final KvCoder<Integer, byte[]> CODER =
      KvCoder.of(VarIntCoder.of(), ByteArrayCoder.of());

  /** How much older than the element that fills it a block may be: any age. */
  public static final Duration SKEW =
      new Duration(BoundedWindow.TIMESTAMP_MIN_VALUE, BoundedWindow.TIMESTAMP_MAX_VALUE);

  private static final int BLOCK_BYTES = 16 * 1024;

  /** Takes blocks with their timestamps. */
  public interface Output {
    void output(KV<Integer, byte[]> block, Instant timestamp);
  }

  private final List<W> writers;
  private final Supplier<W> newWriter;
  private final long[] earliest;
  private final List<Integer> open = new ArrayList<>();

  public OpenBlocks(int buckets, Supplier<W> newWriter) {
    this.newWriter = newWriter;
    writers = new ArrayList<>(Collections.nCopies(buckets, null));
    earliest = new long[buckets];
    Arrays.fill(earliest, Long.MAX_VALUE);
  }

  /** The writer of a bucket's block, to be given an element with this timestamp in milliseconds. */
  public W open(int bucket, long timestamp) {
    W writer = writers.get(bucket);
    if (writer == null) {
      writer = newWriter.get();
      writers.set(bucket, writer);
    }
    if (writer.isEmpty()) {
      open.add(bucket);
    }
    earliest[bucket] = Math.min(earliest[bucket], timestamp);
    return writer;
  }

  /** Whether it is time to {@link #output} a bucket's block. */
  public boolean isFull(int bucket) {
    return writers.get(bucket).length() >= BLOCK_BYTES;
  }

  /** Hands over a bucket's block. */
  public void output(int bucket, Output out) {
    Instant timestamp = Instant.ofEpochMilli(earliest[bucket]);
    earliest[bucket] = Long.MAX_VALUE;
    out.output(KV.of(bucket, writers.get(bucket).take()), timestamp);
  }

  /** Hands over what is left. */
  public void finish(Output out) {
    for (int bucket : open) {
      if (!writers.get(bucket).isEmpty()) {
        output(bucket, out);
      }
    }
    open.clear();
  }
}
