package io.millrace.transforms.read;

import io.millrace.schemas.RecordBlock;
import io.millrace.transforms.landing.LandedLog;
import io.millrace.transforms.landing.LandedRecords;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.apache.beam.sdk.io.kafka.KafkaRecord;
import org.apache.beam.sdk.io.kafka.KafkaTimestampType;
import org.apache.beam.sdk.io.kafka.TimestampPolicy;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.joda.time.Instant;

/**
 * Reads a part of a log from an offset on: what was landed, as far as it goes, and then the topic.
 *
 * <p>What was landed holds the watermark back, so that nothing in it is late, as nothing is in
 * bounded input. Behind it the watermark follows the topic's records.
 *
 * <p>It may be closed while it reads, as by a runner that is told to stop.
 */
final class LogReader extends TimestampPolicy.PartitionContext implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(20);

  private final LogSettings settings;
  private final LogPart part;
  private final TopicPartition partition;
  private final boolean isBounded;
  private final Clock clock = Clock.systemUTC();
  private final Deque<LogBlock> blocks = new ArrayDeque<>();
  private @Nullable LandedLog log;
  private @Nullable LandedRecords landed;
  private @Nullable BlockConsumer consumer;
  private boolean isAtTopic;
  private @Nullable TimestampPolicy<byte[], byte[]> policy;
  private Instant watermark;
  private Instant polledAt;
  private long position;
  private boolean isClosed;

  /**
   * A reader from an offset on.
   *
   * @param isBounded whether the input ends, and so nothing can be late
   * @param watermark that was reached before
   */
  LogReader(LogSettings settings, LogPart part, long from, boolean isBounded, Instant watermark) {
    this.settings = settings;
    this.part = part;
    this.partition = new TopicPartition(part.topic(), part.partition());
    this.isBounded = isBounded;
    this.position = from;
    this.watermark = watermark;
    this.polledAt = now();
  }

  /** The offset that is read next. */
  synchronized long position() {
    return position;
  }

  /** The watermark behind what was read. */
  synchronized Instant watermark() {
    if (policy != null) {
      Instant reached = policy.getWatermark(this);
      watermark = reached.isAfter(watermark) ? reached : watermark;
    }
    return watermark;
  }

  /** Goes on from another offset. */
  synchronized void seek(long offset, Instant reached) {
    closeLanded();
    blocks.clear();
    isAtTopic = false;
    policy = null;
    watermark = reached;
    position = offset;
  }

  /**
   * The next block, or null if there is none for now.
   *
   * @param to where it ends at the latest
   * @throws SourceException if the records that come next are nowhere any more
   */
  synchronized @Nullable LogBlock next(long to) {
    if (isClosed) {
      throw new IllegalStateException("The reader of " + part + " is closed");
    }
    if (blocks.isEmpty() && !isAtTopic) {
      readLanded();
    }
    if (blocks.isEmpty() && isAtTopic) {
      poll();
    }
    LogBlock next = blocks.poll();
    if (next == null) {
      return null;
    }
    next = next.until(to);
    position = next.block().to();
    return next;
  }

  /** Gives back the block that came last: it was not taken, and comes again. */
  synchronized void putBack(LogBlock block) {
    blocks.addFirst(block);
    position = block.block().from();
  }

  private void readLanded() {
    while (true) {
      if (landed != null) {
        RecordBlock block = landed.next();
        if (block != null) {
          blocks.add(LogBlock.of(block, BoundedWindow.TIMESTAMP_MIN_VALUE));
          return;
        }
        closeLanded();
      }
      if (log == null) {
        log = LandedLog.of(settings.landings(), part.topic(), part.partition());
      }
      landed = log.open(position, false);
      if (landed == null) {
        // What has been landed since may be gone from the topic.
        log = LandedLog.of(settings.landings(), part.topic(), part.partition());
        landed = log.open(position, false);
      }
      if (landed == null) {
        beginTopic();
        return;
      }
    }
  }

  private void beginTopic() {
    if (settings.topics() == null) {
      throw SourceException.world(
          String.format(
              "%s@%d was not landed, and no broker is given to read it from; give one, or say with"
                  + " --to where to end.",
              partition, position));
    }
    if (consumer == null) {
      consumer = settings.topics().openConsumer();
      consumer.assign(List.of(partition));
    }
    consumer.seek(partition, position);
    isAtTopic = true;
    if (!isBounded) {
      policy =
          settings.topics().timestamps().createTimestampPolicy(partition, Optional.of(watermark));
    }
  }

  private void poll() {
    for (ConsumerRecord<byte[], byte[]> packed : consumer.poll(POLL).records(partition)) {
      RecordBlock block =
          RecordBlock.of(
              packed.topic(),
              packed.partition(),
              BlockPacker.from(packed.key()),
              packed.offset() + 1,
              packed.value());
      int records = BlockPacker.count(packed.key());
      blocks.add(new LogBlock(block, timestamp(packed), records));
    }
    polledAt = now();
  }

  private Instant timestamp(ConsumerRecord<byte[], byte[]> packed) {
    if (policy == null) {
      return BoundedWindow.TIMESTAMP_MIN_VALUE;
    }
    return policy.getTimestampForRecord(
        this,
        new KafkaRecord<>(
            packed.topic(),
            packed.partition(),
            packed.offset(),
            packed.timestamp(),
            KafkaTimestampType.CREATE_TIME,
            new RecordHeaders(),
            packed.key(),
            packed.value()));
  }

  @Override
  public long getMessageBacklog() {
    return blocks.isEmpty() && consumer != null ? consumer.currentLag(partition).orElse(1) : 1;
  }

  @Override
  public Instant getBacklogCheckTime() {
    return polledAt;
  }

  private Instant now() {
    return Instant.ofEpochMilli(clock.millis());
  }

  private void closeLanded() {
    if (landed != null) {
      landed.close();
      landed = null;
    }
  }

  @Override
  public synchronized void close() {
    isClosed = true;
    closeLanded();
    if (consumer != null) {
      // There is nothing to be committed, and whoever cancels a job does not wait.
      consumer.close(Duration.ZERO);
      consumer = null;
    }
  }
}
