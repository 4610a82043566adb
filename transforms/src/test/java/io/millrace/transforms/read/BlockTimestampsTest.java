package io.millrace.transforms.read;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThanOrEqualTo;

import java.util.Optional;
import org.apache.beam.sdk.io.UnboundedSource.UnboundedReader;
import org.apache.beam.sdk.io.kafka.KafkaRecord;
import org.apache.beam.sdk.io.kafka.KafkaTimestampType;
import org.apache.beam.sdk.io.kafka.TimestampPolicy.PartitionContext;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.joda.time.Duration;
import org.joda.time.Instant;
import org.junit.jupiter.api.Test;

class BlockTimestampsTest {
  private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
  private static final PartitionContext BEHIND = context(7, NOON);
  private static final PartitionContext UNKNOWN = context(UnboundedReader.BACKLOG_UNKNOWN, NOON);
  private static final PartitionContext DRAINED = context(0, NOON);

  private final BlockTimestamps timestamps = resumed(Instant.EPOCH);

  @Test
  void watermarkFollowsTheBlocks() {
    Instant time = NOON.minus(Duration.millis(60_000));
    assertThat(timestamps.getTimestampForRecord(BEHIND, block(time, 1)), is(time));
    assertThat(timestamps.getWatermark(BEHIND), is(time));
    assertThat(timestamps.getWatermark(UNKNOWN), is(time));
  }

  @Test
  void watermarkNeverGoesBack() {
    timestamps.getTimestampForRecord(BEHIND, block(NOON, 1));
    Instant older = NOON.minus(Duration.millis(1));
    assertThat(timestamps.getTimestampForRecord(BEHIND, block(older, 1)), is(older));
    assertThat(timestamps.getWatermark(BEHIND), is(NOON));
    assertThat(timestamps.getWatermark(DRAINED), is(NOON));
    assertThat(resumed(NOON).getWatermark(BEHIND), is(NOON));
  }

  @Test
  void drainedPartitionFollowsTheClockByTwoSeconds() {
    assertThat(timestamps.getWatermark(DRAINED), is(NOON.minus(Duration.millis(2_000))));
  }

  @Test
  void clockOfAProducerInTheFutureDoesNotMoveTheWatermarkThere() {
    Instant future = Instant.now().plus(Duration.millis(3_600_000));
    assertThat(timestamps.getTimestampForRecord(BEHIND, block(future, 1)), is(future));
    assertThat(timestamps.getWatermark(BEHIND), lessThanOrEqualTo(Instant.now()));
  }

  @Test
  void emptyBlockMovesNothing() {
    timestamps.getTimestampForRecord(BEHIND, block(NOON, 1));
    Instant none = Instant.ofEpochMilli(-1);
    assertThat(timestamps.getTimestampForRecord(BEHIND, block(none, 0)), is(NOON));
    assertThat(timestamps.getWatermark(BEHIND), is(NOON));
  }

  private static BlockTimestamps resumed(Instant watermark) {
    return new BlockTimestamps.Factory()
        .createTimestampPolicy(new TopicPartition("t", 0), Optional.of(watermark));
  }

  private static KafkaRecord<byte[], byte[]> block(Instant timestamp, int length) {
    return new KafkaRecord<>(
        "t",
        0,
        0,
        timestamp.getMillis(),
        KafkaTimestampType.CREATE_TIME,
        new RecordHeaders(),
        new byte[0],
        new byte[length]);
  }

  private static PartitionContext context(long backlog, Instant checked) {
    return new PartitionContext() {
      @Override
      public long getMessageBacklog() {
        return backlog;
      }

      @Override
      public Instant getBacklogCheckTime() {
        return checked;
      }
    };
  }
}
