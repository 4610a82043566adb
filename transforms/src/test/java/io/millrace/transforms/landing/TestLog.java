package io.millrace.transforms.landing;

import io.millrace.schemas.RecordBlock;
import io.millrace.schemas.RecordHeader;
import io.millrace.schemas.TimestampKind;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * A partition's log, with what logs have: gaps, tombstones, headers, records without this or that.
 */
final class TestLog {
  static final String TOPIC = "shop/orders";

  private static final List<TimestampKind> KINDS = List.of(TimestampKind.values());

  private final int partition;
  private final long end;
  private final TreeMap<Long, RecordBlock> records = new TreeMap<>();

  /** A log of records at random offsets before an end; the same for the same numbers. */
  TestLog(int partition, long end, long seed) {
    this.partition = partition;
    this.end = end;
    Random random = new Random(seed);
    for (long offset = 0; offset < end; offset++) {
      if (random.nextInt(8) > 0) {
        records.put(offset, record(offset, random));
      }
    }
  }

  private RecordBlock record(long offset, Random random) {
    RecordBlock.Writer writer = new RecordBlock.Writer(64);
    TimestampKind kind = KINDS.get(random.nextInt(KINDS.size()));
    writer.add(
        offset,
        1_000_000 + 10 * offset + random.nextInt(25),
        kind,
        random.nextInt(4) == 0 ? null : bytes("key" + random.nextInt(20)),
        random.nextInt(5) == 0 ? null : bytes("v".repeat(random.nextInt(60))),
        headers(random));
    return RecordBlock.of(TOPIC, partition, offset, offset + 1, writer.take());
  }

  private static List<RecordHeader> headers(Random random) {
    List<RecordHeader> headers = new ArrayList<>();
    for (int left = Math.max(0, random.nextInt(6) - 3); left > 0; left--) {
      byte[] value = new byte[random.nextInt(4)];
      random.nextBytes(value);
      headers.add(RecordHeader.of("h" + random.nextInt(2), random.nextInt(4) == 0 ? null : value));
    }
    return headers;
  }

  private static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
  }

  long end() {
    return end;
  }

  /** What a reader gives of a range. */
  RecordBlock block(long from, long to) {
    RecordBlock.Writer writer = new RecordBlock.Writer(64);
    records
        .subMap(from, to)
        .values()
        .forEach(
            block -> {
              RecordBlock.Cursor record = block.records();
              record.next();
              writer.add(
                  record.offset(),
                  record.timestampMillis(),
                  record.timestampKind(),
                  buffer(record.copyKey()),
                  buffer(record.copyValue()),
                  record.headers());
            });
    return RecordBlock.of(TOPIC, partition, from, to, writer.take());
  }

  private static @Nullable ByteBuffer buffer(byte @Nullable [] bytes) {
    return bytes == null ? null : ByteBuffer.wrap(bytes);
  }

  /** All of it from an offset on, in blocks of random lengths. */
  List<RecordBlock> blocks(long from, int longest, Random random) {
    List<RecordBlock> blocks = new ArrayList<>();
    for (long next = from; next < end; ) {
      long to = Math.min(end, next + 1 + random.nextInt(longest));
      blocks.add(block(next, to));
      next = to;
    }
    return blocks;
  }

  /** The records of a range, as {@link #texts(RecordBlock)} tells them. */
  List<String> texts(long from, long to) {
    return texts(block(from, to));
  }

  /** Each record of a block, with all that is to be kept of it. */
  static List<String> texts(RecordBlock block) {
    List<String> texts = new ArrayList<>();
    RecordBlock.Cursor record = block.records();
    while (record.next()) {
      texts.add(
          record.offset()
              + " "
              + text(record.copyKey())
              + "="
              + text(record.copyValue())
              + " "
              + record.timestampKind()
              // Without a timestamp it is stamped with that of reading.
              + (record.timestampKind() == TimestampKind.NONE ? "" : record.timestampMillis())
              + " "
              + record.headers());
    }
    return texts;
  }

  private static String text(byte @Nullable [] bytes) {
    return bytes == null ? "-" : HexFormat.of().formatHex(bytes);
  }

  /** The records that a landing has of each partition of the topic. */
  static Map<Integer, List<String>> landed(String directory) {
    Landing landing = Landing.at(directory);
    Map<Integer, List<String>> landed = new TreeMap<>();
    for (int partition : landing.partitions(TOPIC)) {
      List<String> texts = new ArrayList<>();
      for (LandedFile file : landing.files(TOPIC, partition)) {
        for (RecordBlock block : read(directory, file, file.from(), true)) {
          texts.addAll(texts(block));
        }
      }
      landed.put(partition, texts);
    }
    return landed;
  }

  /** A file's blocks. */
  static List<RecordBlock> read(String directory, LandedFile file, long from, boolean headers) {
    List<RecordBlock> blocks = new ArrayList<>();
    try (LandedRecords records = LandedRecords.open(directory, file, from, headers)) {
      for (@Nullable RecordBlock block = records.next(); block != null; block = records.next()) {
        blocks.add(block);
      }
    }
    return blocks;
  }
}
