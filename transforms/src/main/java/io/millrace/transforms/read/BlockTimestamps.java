package io.millrace.transforms.read;

import java.util.Optional;
import org.apache.beam.sdk.io.kafka.KafkaRecord;
import org.apache.beam.sdk.io.kafka.TimestampPolicy;
import org.apache.beam.sdk.io.kafka.TimestampPolicyFactory;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.kafka.common.TopicPartition;
import org.joda.time.Duration;
import org.joda.time.Instant;

/**
 * A block's timestamp is the least of its records'. A partition's watermark is the timestamp of its
 * last block, no later than now; once the partition was read to its end, two seconds before that
 * was seen, so that an idle partition does not hold the others. It never goes back.
 */
final class BlockTimestamps extends TimestampPolicy<byte[], byte[]> {
  private static final Duration IDLE_DELAY = Duration.standardSeconds(2);

  /** Makes a policy for each partition. */
  static final class Factory implements TimestampPolicyFactory<byte[], byte[]> {
    private static final long serialVersionUID = 1L;

    @Override
    public BlockTimestamps createTimestampPolicy(
        TopicPartition partition, Optional<Instant> previousWatermark) {
      return new BlockTimestamps(previousWatermark.orElse(BoundedWindow.TIMESTAMP_MIN_VALUE));
    }
  }

  private Instant watermark;

  BlockTimestamps(Instant watermark) {
    this.watermark = watermark;
  }

  @Override
  public Instant getTimestampForRecord(
      PartitionContext context, KafkaRecord<byte[], byte[]> block) {
    if (block.getKV().getValue().length == 0) {
      return watermark;
    }
    Instant timestamp = Instant.ofEpochMilli(block.getTimestamp());
    Instant now = Instant.now();
    advanceTo(timestamp.isAfter(now) ? now : timestamp);
    return timestamp;
  }

  @Override
  public Instant getWatermark(PartitionContext context) {
    if (context.getMessageBacklog() == 0) {
      advanceTo(context.getBacklogCheckTime().minus(IDLE_DELAY));
    }
    return watermark;
  }

  private void advanceTo(Instant time) {
    if (time.isAfter(watermark)) {
      watermark = time;
    }
  }
}
