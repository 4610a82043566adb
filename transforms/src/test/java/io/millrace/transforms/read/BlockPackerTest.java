package io.millrace.transforms.read;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.greaterThanOrEqualTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.millrace.schemas.RecordBlock;
import io.millrace.schemas.avro.SchemaRegistry;
import io.millrace.schemas.avro.SchemaRegistryException;
import io.millrace.schemas.contract.Contract;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
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

  @Test
  void recordKeepsWhoStampedItAndItsHeadersIfTheyAreWanted() {
    RecordHeaders headers = new RecordHeaders();
    headers.add("trace", new byte[] {7}).add("trace", null);
    List<ConsumerRecord<ByteBuffer, ByteBuffer>> records =
        List.of(
            record(0, 5, TimestampType.LOG_APPEND_TIME, headers),
            record(1, 5, TimestampType.CREATE_TIME, new RecordHeaders()),
            record(2, ConsumerRecord.NO_TIMESTAMP, TimestampType.NO_TIMESTAMP_TYPE, headers));
    BlockPacker packer = new BlockPacker(BlockPacker.RECORD_TIMES, Clock.systemUTC(), true);
    assertThat(
        attributes(packer.pack(PARTITION, records, 0, 3)),
        contains("LOG_APPEND [trace=07, trace=null]", "CREATE []", "NONE [trace=07, trace=null]"));
    assertThat(
        attributes(new BlockPacker().pack(PARTITION, records, 0, 3)),
        contains("LOG_APPEND []", "CREATE []", "NONE []"));
  }

  private static List<String> attributes(List<ConsumerRecord<byte[], byte[]>> blocks) {
    List<String> attributes = new ArrayList<>();
    RecordBlock.Cursor record = unpack(blocks.get(0)).records();
    while (record.next()) {
      attributes.add(record.timestampKind() + " " + record.headers());
    }
    return attributes;
  }

  @Test
  void blockTellsWhenItsEventsHappened() {
    List<ConsumerRecord<byte[], byte[]>> blocks =
        packed(
            EventTimes.of(PURCHASES),
            List.of(
                purchase(10, "2026-05-01T10:00:00.0019Z"),
                purchase(11, "2026-05-01T09:00:00Z"),
                purchase(12, "2026-05-01T13:00:00.001Z"),
                record(13, NOON, "k", "{"),
                record(14, NOON, "k", null),
                purchase(15, "2026-05-01T09:30:00Z")));
    assertThat(blocks.get(0).timestamp(), is(millis("2026-05-01T09:00:00Z")));
    assertThat(BlockPacker.latest(blocks.get(0).key()), is(millis("2026-05-01T10:00:00.001Z")));
    assertThat(BlockPacker.count(blocks.get(0).key()), is(6));
  }

  @Test
  void blockWithoutAnEventIsOfNow() {
    ConsumerRecord<byte[], byte[]> block =
        packed(EventTimes.of(PURCHASES), List.of(purchase(10, "2026-05-01T13:00:01Z"))).get(0);
    assertThat(BlockPacker.latest(block.key()), is(RecordTimes.NONE));
    assertThat(block.timestamp(), is(NOON));
  }

  @Test
  void toleranceOfTheFutureIsWhatWasAskedFor() {
    EventTimes times =
        EventTimes.of(PURCHASES).withFutureTolerance(org.joda.time.Duration.standardHours(2));
    assertThat(
        BlockPacker.latest(
            packed(times, List.of(purchase(10, "2026-05-01T14:00:00Z"))).get(0).key()),
        is(millis("2026-05-01T14:00:00Z")));
  }

  @Test
  void eventsInAvroTellTheirTimeByTheRegistry() {
    String avro =
        """
        {"type": "record", "name": "purchase", "fields": [
          {"name": "at", "type": {"type": "long", "logicalType": "timestamp-millis"}}]}
        """;
    SchemaRegistry registry = () -> id -> id == 7 ? avro : null;
    EventTimes times = EventTimes.of(PURCHASES).withSchemaRegistry(registry);
    // 4, as Avro writes it.
    String known = "\0\0\0\0\7" + "\u0008";
    List<ConsumerRecord<byte[], byte[]>> blocks =
        packed(
            times,
            List.of(
                record(0, NOON, "k", known),
                record(1, NOON, "k", known.replace('\7', '\3')),
                purchase(2, "1970-01-01T00:00:00.003Z")));
    assertThat(BlockPacker.latest(blocks.get(0).key()), is(4L));
    assertThat(blocks.get(0).timestamp(), is(3L));
  }

  @Test
  void registryThatIsAwayStopsTheReading() {
    SchemaRegistry away =
        () ->
            id -> {
              throw new SchemaRegistryException("away", null);
            };
    EventTimes times = EventTimes.of(PURCHASES).withSchemaRegistry(away);
    ConsumerRecord<ByteBuffer, ByteBuffer> avro = record(0, NOON, "k", "\0\0\0\0\7x");
    assertThrows(SchemaRegistryException.class, () -> packed(times, List.of(avro)));
  }

  private static final long NOON = millis("2026-05-01T12:00:00Z");

  private static final Contract PURCHASES =
      Contract.parse(
          """
          {apiVersion: v3.0.2, kind: DataContract, id: s, version: 1.0.0, status: active,
           schema: [{name: purchase, properties: [
             {name: id, physicalType: bigint, primaryKey: true},
             {name: at, physicalType: timestamptz}],
             customProperties: [{property: kind, value: event}, {property: eventTime, value: at}]}]}
          """,
          "shop.yaml");

  private static long millis(String time) {
    return Instant.parse(time).toEpochMilli();
  }

  private static ConsumerRecord<ByteBuffer, ByteBuffer> purchase(long offset, String at) {
    return record(offset, NOON, "k", "{\"id\":1,\"at\":\"" + at + "\"}");
  }

  private static List<ConsumerRecord<byte[], byte[]>> packed(
      EventTimes times, List<ConsumerRecord<ByteBuffer, ByteBuffer>> records) {
    Clock clock = Clock.fixed(Instant.ofEpochMilli(NOON), ZoneOffset.UTC);
    return new BlockPacker(times.open(clock), clock, false).pack(PARTITION, records, 0, 1);
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

  static ConsumerRecord<ByteBuffer, ByteBuffer> record(
      long offset, long timestamp, String key, String value) {
    return record(offset, timestamp, key, value, TimestampType.CREATE_TIME, new RecordHeaders());
  }

  private static ConsumerRecord<ByteBuffer, ByteBuffer> record(
      long offset, long timestamp, TimestampType type, RecordHeaders headers) {
    return record(offset, timestamp, "k", "v", type, headers);
  }

  private static ConsumerRecord<ByteBuffer, ByteBuffer> record(
      long offset,
      long timestamp,
      String key,
      String value,
      TimestampType type,
      RecordHeaders headers) {
    return new ConsumerRecord<>(
        PARTITION.topic(),
        PARTITION.partition(),
        offset,
        timestamp,
        type,
        0,
        0,
        bytes(key),
        bytes(value),
        headers,
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
