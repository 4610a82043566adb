package io.millrace.transforms.read;

import io.millrace.schemas.RecordBlock;
import java.nio.ByteBuffer;
import org.joda.time.Instant;

/**
 * A block of a log.
 *
 * @param timestamp that its element has
 * @param records how many it has
 */
record LogBlock(RecordBlock block, Instant timestamp, int records) {
  static LogBlock of(RecordBlock block, Instant timestamp) {
    int count = 0;
    RecordBlock.Cursor records = block.records();
    while (records.next()) {
      count++;
    }
    return new LogBlock(block, timestamp, count);
  }

  /** The block without what comes at an offset or behind it. */
  LogBlock until(long to) {
    if (block.to() <= to) {
      return this;
    }
    RecordBlock.Writer writer = new RecordBlock.Writer(block.bytes().length);
    RecordBlock.Cursor records = block.records();
    while (records.next() && records.offset() < to) {
      writer.add(
          records.offset(),
          records.timestampMillis(),
          records.timestampKind(),
          records.hasKey()
              ? ByteBuffer.wrap(records.buffer(), records.keyStart(), records.keyLength())
              : null,
          records.hasValue()
              ? ByteBuffer.wrap(records.buffer(), records.valueStart(), records.valueLength())
              : null,
          records.headers());
    }
    int count = writer.count();
    return new LogBlock(
        RecordBlock.of(block.source(), block.partition(), block.from(), to, writer.take()),
        timestamp,
        count);
  }
}
