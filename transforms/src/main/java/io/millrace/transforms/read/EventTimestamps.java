package io.millrace.transforms.read;

import java.time.Clock;
import java.util.Optional;
import org.apache.beam.sdk.io.kafka.KafkaRecord;
import org.apache.beam.sdk.io.kafka.TimestampPolicy;
import org.apache.beam.sdk.io.kafka.TimestampPolicyFactory;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.kafka.common.TopicPartition;
import org.joda.time.Duration;
import org.joda.time.Instant;

/**
 * Watermarks of one partition by the event times of its records, see {@link WatermarkPolicy}. A
 * block's timestamp is the least event time in it.
 */
final class EventTimestamps extends TimestampPolicy<byte[], byte[]> {
  /** Makes a policy for each partition. */
  static final class Factory implements TimestampPolicyFactory<byte[], byte[]> {
    private static final long serialVersionUID = 1L;

    private final WatermarkPolicy policy;

    Factory(WatermarkPolicy policy) {
      this.policy = policy;
    }

    @Override
    public EventTimestamps createTimestampPolicy(
        TopicPartition partition, Optional<Instant> previousWatermark) {
      return new EventTimestamps(
          policy.disorder(partition.topic()),
          policy.idleWait(),
          previousWatermark.orElse(BoundedWindow.TIMESTAMP_MIN_VALUE),
          Clock.systemUTC());
    }
  }

  private final Duration disorder;
  private final Duration idleWait;
  private final Clock clock;
  private Instant watermark;
  private Instant lastRead;

  EventTimestamps(Duration disorder, Duration idleWait, Instant watermark, Clock clock) {
    this.disorder = disorder;
    this.idleWait = idleWait;
    this.watermark = watermark;
    this.clock = clock;
    this.lastRead = now();
  }

  @Override
  public Instant getTimestampForRecord(
      PartitionContext context, KafkaRecord<byte[], byte[]> block) {
    if (block.getKV().getValue().length == 0) {
      return watermark;
    }
    lastRead = now();
    long latest = BlockPacker.latest(block.getKV().getKey());
    if (latest != RecordTimes.NONE) {
      advanceTo(Instant.ofEpochMilli(latest).minus(disorder));
    }
    return Instant.ofEpochMilli(block.getTimestamp());
  }

  @Override
  public Instant getWatermark(PartitionContext context) {
    Instant checked = context.getBacklogCheckTime();
    boolean isIdle = context.getMessageBacklog() == 0 && !checked.isBefore(lastRead.plus(idleWait));
    if (isIdle) {
      advanceTo(checked.minus(idleWait).minus(disorder));
    }
    return watermark;
  }

  private Instant now() {
    return Instant.ofEpochMilli(clock.millis());
  }

  private void advanceTo(Instant time) {
    if (time.isAfter(watermark)) {
      watermark = time;
    }
  }
}
