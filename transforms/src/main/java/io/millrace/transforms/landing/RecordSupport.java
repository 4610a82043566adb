package io.millrace.transforms.landing;

import io.millrace.schemas.RecordBlock;
import io.millrace.schemas.RecordHeader;
import io.millrace.schemas.TimestampKind;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.apache.parquet.conf.ParquetConfiguration;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.RecordConsumer;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Hands records to Parquet, and notes how many there are and from when. */
final class RecordSupport extends WriteSupport<RecordBlock.Cursor> {
  private static final Binary CREATE = constant(RecordColumns.CREATE);
  private static final Binary LOG_APPEND = constant(RecordColumns.LOG_APPEND);
  private static final int TOPIC = index(RecordColumns.TOPIC);
  private static final int PARTITION = index(RecordColumns.PARTITION);
  private static final int OFFSET = index(RecordColumns.OFFSET);
  private static final int TIMESTAMP = index(RecordColumns.TIMESTAMP);
  private static final int TIMESTAMP_TYPE = index(RecordColumns.TIMESTAMP_TYPE);
  private static final int KEY = index(RecordColumns.KEY);
  private static final int VALUE = index(RecordColumns.VALUE);
  private static final int HEADERS = index(RecordColumns.HEADERS);

  private final Binary topic;
  private final int partition;
  private long records;
  private @Nullable Long minTimestamp;
  private @Nullable Long maxTimestamp;
  private RecordConsumer out;

  RecordSupport(String topic, int partition) {
    this.topic = Binary.fromString(topic);
    this.partition = partition;
  }

  long records() {
    return records;
  }

  @Nullable Long minTimestamp() {
    return minTimestamp;
  }

  @Nullable Long maxTimestamp() {
    return maxTimestamp;
  }

  /** Texts that writers share; those of {@link Binary#fromString} are for one thread at a time. */
  private static Binary constant(String text) {
    return Binary.fromConstantByteArray(text.getBytes(StandardCharsets.UTF_8));
  }

  private static int index(String column) {
    return RecordColumns.SCHEMA.getFieldIndex(column);
  }

  @Override
  @SuppressWarnings("deprecation")
  public WriteContext init(org.apache.hadoop.conf.Configuration configuration) {
    return new WriteContext(RecordColumns.SCHEMA, Map.of());
  }

  @Override
  public WriteContext init(ParquetConfiguration configuration) {
    return new WriteContext(RecordColumns.SCHEMA, Map.of());
  }

  @Override
  public void prepareForWrite(RecordConsumer recordConsumer) {
    out = recordConsumer;
  }

  @Override
  public void write(RecordBlock.Cursor record) {
    out.startMessage();
    add(RecordColumns.TOPIC, TOPIC, topic);
    out.startField(RecordColumns.PARTITION, PARTITION);
    out.addInteger(partition);
    out.endField(RecordColumns.PARTITION, PARTITION);
    add(RecordColumns.OFFSET, OFFSET, record.offset());
    TimestampKind kind = record.timestampKind();
    if (kind != TimestampKind.NONE) {
      addTimestamp(record.timestampMillis(), kind);
    }
    if (record.hasKey()) {
      // Parquet's dictionary keeps it, and shall not keep the block.
      add(
          RecordColumns.KEY,
          KEY,
          Binary.fromReusedByteArray(record.buffer(), record.keyStart(), record.keyLength()));
    }
    if (record.hasValue()) {
      add(
          RecordColumns.VALUE,
          VALUE,
          Binary.fromReusedByteArray(record.buffer(), record.valueStart(), record.valueLength()));
    }
    addHeaders(record);
    out.endMessage();
    count(record);
  }

  /** Notes a record. */
  void count(RecordBlock.Cursor record) {
    records++;
    if (record.timestampKind() != TimestampKind.NONE) {
      long millis = record.timestampMillis();
      minTimestamp = minTimestamp == null ? millis : Math.min(minTimestamp, millis);
      maxTimestamp = maxTimestamp == null ? millis : Math.max(maxTimestamp, millis);
    }
  }

  private void addTimestamp(long millis, TimestampKind kind) {
    add(RecordColumns.TIMESTAMP, TIMESTAMP, millis);
    add(
        RecordColumns.TIMESTAMP_TYPE,
        TIMESTAMP_TYPE,
        kind == TimestampKind.CREATE ? CREATE : LOG_APPEND);
  }

  private void addHeaders(RecordBlock.Cursor record) {
    out.startField(RecordColumns.HEADERS, HEADERS);
    out.startGroup();
    if (record.hasHeaders()) {
      List<RecordHeader> headers = record.headers();
      out.startField("list", 0);
      for (RecordHeader header : headers) {
        out.startGroup();
        out.startField("element", 0);
        out.startGroup();
        add("key", 0, Binary.fromString(header.key()));
        byte[] value = header.value();
        if (value != null) {
          add("value", 1, Binary.fromReusedByteArray(value));
        }
        out.endGroup();
        out.endField("element", 0);
        out.endGroup();
      }
      out.endField("list", 0);
    }
    out.endGroup();
    out.endField(RecordColumns.HEADERS, HEADERS);
  }

  private void add(String name, int index, Binary value) {
    out.startField(name, index);
    out.addBinary(value);
    out.endField(name, index);
  }

  private void add(String name, int index, long value) {
    out.startField(name, index);
    out.addLong(value);
    out.endField(name, index);
  }
}
