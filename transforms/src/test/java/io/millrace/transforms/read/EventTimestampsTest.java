package io.millrace.transforms.read;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.beam.sdk.io.UnboundedSource.UnboundedReader;
import org.apache.beam.sdk.io.kafka.KafkaRecord;
import org.apache.beam.sdk.io.kafka.KafkaTimestampType;
import org.apache.beam.sdk.io.kafka.TimestampPolicy.PartitionContext;
import org.apache.beam.sdk.transforms.display.DisplayData;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.util.SerializableUtils;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.joda.time.Duration;
import org.joda.time.Instant;
import org.junit.jupiter.api.Test;

class EventTimestampsTest {
  private static final Instant NOON = Instant.parse("2026-05-01T12:00:00Z");
  private static final Duration DISORDER = Duration.standardMinutes(5);
  private static final Duration WAIT = Duration.standardSeconds(30);
  private static final Duration SECOND = Duration.standardSeconds(1);
  private static final TopicPartition PARTITION = new TopicPartition("readings", 0);

  private final MovableClock clock = new MovableClock(NOON);
  private final EventTimestamps timestamps = resumed(BoundedWindow.TIMESTAMP_MIN_VALUE);
  private final BlockPacker packer =
      new BlockPacker(EventTimes.ofRecords().open(clock), clock, false);

  private EventTimestamps resumed(Instant watermark) {
    return new EventTimestamps(DISORDER, WAIT, watermark, clock);
  }

  private Instant before(Duration age) {
    return clock.now().minus(age);
  }

  /** Reads a block of events of these times; answers its timestamp. */
  private Instant read(EventTimestamps policy, Instant... times) {
    List<ConsumerRecord<ByteBuffer, ByteBuffer>> records =
        Arrays.stream(times)
            .map(time -> BlockPackerTest.record(0, time.getMillis(), "k", "{}"))
            .toList();
    ConsumerRecord<byte[], byte[]> block = packer.pack(PARTITION, records, 0, 1).get(0);
    return policy.getTimestampForRecord(behind(), kafkaRecord(block));
  }

  private static KafkaRecord<byte[], byte[]> kafkaRecord(ConsumerRecord<byte[], byte[]> block) {
    return new KafkaRecord<>(
        block.topic(),
        block.partition(),
        block.offset(),
        block.timestamp(),
        KafkaTimestampType.CREATE_TIME,
        new RecordHeaders(),
        block.key(),
        block.value());
  }

  private PartitionContext behind() {
    return context(7);
  }

  private PartitionContext drained() {
    return context(0);
  }

  private PartitionContext context(long backlog) {
    Instant checked = clock.now();
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

  @Test
  void watermarkIsTheGreatestEventTimeLessTheDisorder() {
    Instant first = before(Duration.standardHours(1));
    Instant latest = first.plus(SECOND);
    assertThat(read(timestamps, latest, first), is(first));
    assertThat(timestamps.getWatermark(behind()), is(latest.minus(DISORDER)));
  }

  @Test
  void olderEventsDoNotTakeTheWatermarkBack() {
    Instant latest = before(Duration.standardHours(1));
    read(timestamps, latest);
    Instant older = latest.minus(Duration.standardHours(2));
    assertThat(read(timestamps, older), is(older));
    assertThat(timestamps.getWatermark(behind()), is(latest.minus(DISORDER)));
    EventTimestamps resumed = resumed(latest);
    read(resumed, older);
    assertThat(resumed.getWatermark(behind()), is(latest));
  }

  @Test
  void idlePartitionHoldsForTheWaitAndThenFollowsTheClock() {
    Instant latest = before(Duration.standardHours(1));
    read(timestamps, latest);
    clock.advance(WAIT.minus(Duration.millis(1)));
    assertThat(timestamps.getWatermark(drained()), is(latest.minus(DISORDER)));
    clock.advance(Duration.millis(1));
    assertThat(timestamps.getWatermark(drained()), is(before(WAIT).minus(DISORDER)));
    clock.advance(SECOND);
    assertThat(timestamps.getWatermark(drained()), is(before(WAIT).minus(DISORDER)));
  }

  @Test
  void partitionThatNeverHadARecordHoldsForTheWaitToo() {
    assertThat(timestamps.getWatermark(drained()), is(BoundedWindow.TIMESTAMP_MIN_VALUE));
    clock.advance(WAIT);
    assertThat(timestamps.getWatermark(drained()), is(NOON.minus(DISORDER)));
  }

  @Test
  void everyRecordBeginsTheWaitAnew() {
    Instant latest = before(Duration.standardHours(1));
    read(timestamps, latest);
    clock.advance(WAIT.minus(SECOND));
    read(timestamps, latest);
    clock.advance(SECOND);
    assertThat(timestamps.getWatermark(drained()), is(latest.minus(DISORDER)));
  }

  @Test
  void slowPartitionHoldsHoweverLong() {
    Instant latest = before(Duration.standardHours(1));
    read(timestamps, latest);
    clock.advance(Duration.standardDays(1));
    assertThat(timestamps.getWatermark(behind()), is(latest.minus(DISORDER)));
    assertThat(
        timestamps.getWatermark(context(UnboundedReader.BACKLOG_UNKNOWN)),
        is(latest.minus(DISORDER)));
  }

  @Test
  void partitionWhoseEndWasNotSeenSinceItsLastRecordIsNotIdle() {
    PartitionContext longAgo = drained();
    clock.advance(Duration.standardDays(1));
    Instant latest = before(Duration.standardHours(1));
    read(timestamps, latest);
    clock.advance(Duration.standardDays(1));
    assertThat(timestamps.getWatermark(longAgo), is(latest.minus(DISORDER)));
  }

  @Test
  void whatAnIdlePartitionThenBringsIsBehindTheWatermark() {
    clock.advance(WAIT);
    Instant watermark = timestamps.getWatermark(drained());
    Instant late = watermark.minus(SECOND);
    assertThat(read(timestamps, late), is(late));
    assertThat(timestamps.getWatermark(behind()), is(watermark));
  }

  @Test
  void farFutureNeitherMovesTheWatermarkNorTheBlock() {
    Instant latest = before(Duration.standardHours(1));
    Instant future = NOON.plus(Duration.standardHours(1)).plus(Duration.millis(1));
    assertThat(read(timestamps, latest, future), is(latest));
    assertThat(timestamps.getWatermark(behind()), is(latest.minus(DISORDER)));
    assertThat(read(timestamps, future), is(NOON));
    assertThat(timestamps.getWatermark(behind()), is(latest.minus(DISORDER)));
  }

  @Test
  void nearFutureCounts() {
    Instant fast = NOON.plus(Duration.standardHours(1));
    assertThat(read(timestamps, fast), is(fast));
    assertThat(timestamps.getWatermark(behind()), is(fast.minus(DISORDER)));
  }

  @Test
  void emptyBlockMovesNothing() {
    Instant latest = before(Duration.standardHours(1));
    read(timestamps, latest);
    ConsumerRecord<byte[], byte[]> nothing = BlockPacker.nothing(PARTITION, 1, 2);
    assertThat(
        timestamps.getTimestampForRecord(behind(), kafkaRecord(nothing)),
        is(latest.minus(DISORDER)));
    assertThat(timestamps.getWatermark(behind()), is(latest.minus(DISORDER)));
  }

  @Test
  void disorderIsOfTheTopicWhereItIsGiven() {
    WatermarkPolicy policy =
        WatermarkPolicy.withDisorder(SECOND).withDisorder("readings", DISORDER).withIdleWait(WAIT);
    EventTimestamps readings =
        new EventTimestamps.Factory(SerializableUtils.clone(policy))
            .createTimestampPolicy(PARTITION, Optional.of(Instant.EPOCH));
    EventTimestamps others =
        new EventTimestamps.Factory(policy)
            .createTimestampPolicy(new TopicPartition("others", 0), Optional.of(Instant.EPOCH));
    Instant latest = before(Duration.standardHours(1));
    read(readings, latest);
    read(others, latest);
    assertThat(readings.getWatermark(behind()), is(latest.minus(DISORDER)));
    assertThat(others.getWatermark(behind()), is(latest.minus(SECOND)));
  }

  @Test
  void durationsBelowZeroAreRefused() {
    Duration negative = Duration.millis(-1);
    assertThrows(IllegalArgumentException.class, () -> WatermarkPolicy.withDisorder(negative));
    WatermarkPolicy policy = WatermarkPolicy.withDisorder(Duration.ZERO);
    assertThrows(IllegalArgumentException.class, () -> policy.withIdleWait(negative));
    assertThrows(IllegalArgumentException.class, () -> policy.withDisorder("t", negative));
    assertThrows(
        IllegalArgumentException.class, () -> EventTimes.ofRecords().withFutureTolerance(negative));
  }

  @Test
  void displayTellsThePolicy() {
    ReadTopics.Records read =
        ReadTopics.from("localhost:1")
            .topics(List.of("readings"))
            .withEventTimes(EventTimes.ofRecords(), WatermarkPolicy.withDisorder(DISORDER));
    assertThat(DisplayData.from(read).toString(), containsString("disorder=PT300S"));
  }
}
