package io.millrace.transforms.read;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.greaterThanOrEqualTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;

import io.millrace.schemas.RecordBlock;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

class BlockPackerTest {
  private static final TopicPartition PARTITION = new TopicPartition("shop", 3);

  @Test
  void blockHasItsLastOffsetAndLeastTimestamp() {
    List<ConsumerRecord<byte[], byte[]>> blocks =
        pack(
            13,
            List.of(
                record(10, 700, "k", "v"), record(11, 500, "k", null), record(12, 600, null, "")));
    assertThat(blocks, hasSize(1));
    assertThat(blocks.get(0).offset(), is(12L));
    assertThat(blocks.get(0).timestamp(), is(500L));
    assertThat(texts(blocks.get(0)), contains("shop-3@10 k=v", "shop-3@11 k=-", "shop-3@12 -="));
    assertThat(BlockPacker.count(blocks.get(0).key()), is(3));
  }

  @Test
  void lastBlockMovesBehindOffsetsWithoutRecords() {
    assertThat(pack(42, List.of(record(10, 1, "k", "v"))).get(0).offset(), is(41L));
  }

  @Test
  void rangesBeginWhereReadingDidAndLeaveNoOffsetOut() {
    List<ConsumerRecord<byte[], byte[]>> blocks =
        pack(20, List.of(record(10, 1, "k", "x".repeat(140_000)), record(15, 1, "k", "v")));
    assertThat(
        blocks.stream().map(block -> BlockPacker.from(block.key()) + "-" + block.offset()).toList(),
        contains("7-10", "11-19"));
  }

  @Test
  void blocksHoldSome128KilobytesAndEveryRecordInOrder() {
    String kilobyte = "x".repeat(1_024);
    List<ConsumerRecord<ByteBuffer, ByteBuffer>> records = new ArrayList<>();
    for (int offset = 0; offset < 1_000; offset++) {
      records.add(record(offset, offset, "k", kilobyte));
    }
    List<ConsumerRecord<byte[], byte[]>> blocks = pack(1_000, records);
    List<Long> offsets = new ArrayList<>();
    for (ConsumerRecord<byte[], byte[]> block : blocks) {
      RecordBlock.Cursor cursor = unpack(block).records();
      assertThat(block.timestamp(), is((long) offsets.size()));
      while (cursor.next()) {
        offsets.add(cursor.origin().offset());
      }
      assertThat(block.offset(), is(offsets.get(offsets.size() - 1)));
    }
    assertThat(offsets, is(records.stream().map(ConsumerRecord::offset).toList()));
    List<Integer> full = sizes(blocks).subList(0, blocks.size() - 1);
    assertThat(full, everyItem(greaterThanOrEqualTo(128 << 10)));
    assertThat(full, everyItem(lessThan(130 << 10)));
  }

  @Test
  void recordWithoutTimestampGetsTheTimeOfReading() {
    long before = System.currentTimeMillis();
    assertThat(
        pack(1, List.of(record(0, ConsumerRecord.NO_TIMESTAMP, "k", "v"))).get(0).timestamp(),
        greaterThanOrEqualTo(before));
  }

  private static List<Integer> sizes(List<ConsumerRecord<byte[], byte[]>> blocks) {
    return blocks.stream().map(block -> block.value().length).toList();
  }

  private static List<String> texts(ConsumerRecord<byte[], byte[]> block) {
    return RecordTexts.of(unpack(block));
  }

  private static RecordBlock unpack(ConsumerRecord<byte[], byte[]> block) {
    return RecordBlock.of(block.topic(), block.partition(), block.value());
  }

  private static List<ConsumerRecord<byte[], byte[]>> pack(
      long position, List<ConsumerRecord<ByteBuffer, ByteBuffer>> records) {
    return new BlockPacker().pack(PARTITION, records, 7, position);
  }

  private static ConsumerRecord<ByteBuffer, ByteBuffer> record(
      long offset, long timestamp, String key, String value) {
    return new ConsumerRecord<>(
        PARTITION.topic(),
        PARTITION.partition(),
        offset,
        timestamp,
        TimestampType.CREATE_TIME,
        0,
        0,
        bytes(key),
        bytes(value),
        new RecordHeaders(),
        Optional.empty());
  }

  /** A slice of an array, as a client hands it over. */
  private static ByteBuffer bytes(String text) {
    return text == null
        ? null
        : ByteBuffer.wrap(("<" + text + ">").getBytes(StandardCharsets.UTF_8), 1, text.length())
            .slice();
  }
}
