package io.millrace.transforms.read;

import io.millrace.schemas.RecordBlock;
import io.millrace.schemas.RecordHeader;
import io.millrace.schemas.TimestampKind;
import io.millrace.schemas.wire.ByteReader;
import io.millrace.schemas.wire.ByteWriter;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;

/**
 * Packs consecutive records of a partition into records that are blocks: the value is that of a
 * {@link RecordBlock}, empty if it holds no record; the offset is its last record's, the timestamp
 * its least, and the key where its range begins, how many records it has, and its latest timestamp.
 * Timestamps of records are their own, or when their events happened.
 */
final class BlockPacker {
  /** A block is complete once it has so many bytes. */
  static final int BLOCK_BYTES = 128 << 10;

  /** Records' own timestamps. */
  static final RecordTimes RECORD_TIMES = (record, timestamp) -> timestamp;

  private static final byte[] NOTHING = {};

  private final RecordTimes times;
  private final Clock clock;
  private final boolean headers;
  private final RecordBlock.Writer writer = new RecordBlock.Writer(BLOCK_BYTES + (8 << 10));

  /** Goes by the records' own timestamps. */
  BlockPacker() {
    this(RECORD_TIMES, Clock.systemUTC(), false);
  }

  /**
   * Goes by given times.
   *
   * @param headers whether records keep their headers
   */
  BlockPacker(RecordTimes times, Clock clock, boolean headers) {
    this.times = times;
    this.clock = clock;
    this.headers = headers;
  }

  /**
   * Packs records that were read together.
   *
   * @param begin where reading began: there is no record between it and the first
   * @param position where reading goes on: there is no further record before
   */
  List<ConsumerRecord<byte[], byte[]>> pack(
      TopicPartition partition,
      List<ConsumerRecord<ByteBuffer, ByteBuffer>> records,
      long begin,
      long position) {
    long from = begin;
    List<ConsumerRecord<byte[], byte[]>> blocks = new ArrayList<>();
    long now = clock.millis();
    long least = Long.MAX_VALUE;
    long latest = RecordTimes.NONE;
    for (int i = 0; i < records.size(); i++) {
      ConsumerRecord<ByteBuffer, ByteBuffer> record = records.get(i);
      // Kafka's oldest format has no timestamps.
      long timestamp = record.timestamp() < 0 ? now : record.timestamp();
      writer.add(
          record.offset(),
          timestamp,
          kind(record),
          record.key(),
          record.value(),
          headers ? headers(record.headers()) : List.of());
      long time = times.millis(record, timestamp);
      if (time != RecordTimes.NONE) {
        least = Math.min(least, time);
        latest = Math.max(latest, time);
      }
      boolean last = i == records.size() - 1;
      if (last || writer.length() >= BLOCK_BYTES) {
        long offset = last ? Math.max(position - 1, record.offset()) : record.offset();
        int count = writer.count();
        // Records without a time are rejected, and no one waits for them.
        long timestampOfBlock = latest == RecordTimes.NONE ? now : least;
        blocks.add(block(partition, from, offset, timestampOfBlock, latest, count, writer.take()));
        from = offset + 1;
        least = Long.MAX_VALUE;
        latest = RecordTimes.NONE;
      }
    }
    return blocks;
  }

  private static TimestampKind kind(ConsumerRecord<?, ?> record) {
    if (record.timestamp() < 0) {
      return TimestampKind.NONE;
    }
    return record.timestampType() == TimestampType.LOG_APPEND_TIME
        ? TimestampKind.LOG_APPEND
        : TimestampKind.CREATE;
  }

  private static List<RecordHeader> headers(Headers received) {
    List<RecordHeader> headers = new ArrayList<>();
    received.forEach(header -> headers.add(RecordHeader.of(header.key(), header.value())));
    return headers;
  }

  /** A block without records, which moves the reader behind offsets that hold none. */
  static ConsumerRecord<byte[], byte[]> nothing(TopicPartition partition, long from, long offset) {
    return block(
        partition, from, offset, ConsumerRecord.NO_TIMESTAMP, RecordTimes.NONE, 0, NOTHING);
  }

  /** The offset that a block's range begins with. */
  static long from(byte[] key) {
    return new ByteReader(key).readZigzag();
  }

  /** How many records a block has. */
  static int count(byte[] key) {
    ByteReader in = new ByteReader(key);
    in.readZigzag();
    return in.readLength();
  }

  /** The latest timestamp of a block's records, or {@link RecordTimes#NONE}. */
  static long latest(byte[] key) {
    ByteReader in = new ByteReader(key);
    in.readZigzag();
    in.readVarint();
    return in.readZigzag();
  }

  private static ConsumerRecord<byte[], byte[]> block(
      TopicPartition partition,
      long from,
      long offset,
      long timestamp,
      long latest,
      int count,
      byte[] packed) {
    ByteWriter key = new ByteWriter(30);
    key.writeZigzag(from);
    key.writeVarint(count);
    key.writeZigzag(latest);
    return new ConsumerRecord<>(
        partition.topic(),
        partition.partition(),
        offset,
        timestamp,
        TimestampType.CREATE_TIME,
        0,
        packed.length,
        key.toByteArray(),
        packed,
        new RecordHeaders(),
        Optional.empty());
  }
}
