package io.millrace.transforms.enrich;

import java.util.List;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;

/**
 * What the join keeps of a bucket of keys beside the versions and the facts themselves.
 *
 * @param watermark up to which everything was done that was due
 * @param armed what the timer is set to, {@link Long#MAX_VALUE} if it is not
 * @param held where it holds the watermark, {@link Long#MAX_VALUE} if it does not
 * @param versions how many versions there are
 * @param swept how many were left when all were looked through for old ones
 * @param nextChunk the id of the next chunk
 * @param chunks unmodifiable
 */
record BucketState(
    long watermark,
    long armed,
    long held,
    long versions,
    long swept,
    long nextChunk,
    List<FactChunk> chunks) {

  static final long NEVER = Long.MAX_VALUE;

  static final BucketState NEW =
      new BucketState(
          BoundedWindow.TIMESTAMP_MIN_VALUE.getMillis(), NEVER, NEVER, 0, 0, 0, List.of());
}
