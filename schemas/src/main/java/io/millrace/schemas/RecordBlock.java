package io.millrace.schemas;

import io.millrace.schemas.wire.ByteReader;
import io.millrace.schemas.wire.ByteWriter;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.beam.sdk.coders.DefaultCoder;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Consecutive records of one file or one topic's partition, packed into one array, so that a runner
 * handles a block where it would handle a record. Read them with {@link #records()}, write them
 * with a {@link Writer}.
 *
 * <p>Format of {@link #bytes()}: records one after the other, each its offset, line and timestamp
 * (zigzag varints), the length of its key plus one (0: no key) and the key, the length of its value
 * plus one (0: no value, a tombstone) and the value, and its attributes: four times the number of
 * its headers, plus the code of its {@link TimestampKind}. Where there are headers, the length of
 * all of them follows, and of each the key as text, the length of its value plus one (0: null) and
 * the value.
 */
@DefaultCoder(RecordBlockCoder.class)
public final class RecordBlock {
  private static final int KIND_BITS = 2;

  private final String source;
  private final int partition;
  private final long from;
  private final long to;
  private final byte[] bytes;

  private RecordBlock(String source, int partition, long from, long to, byte[] bytes) {
    this.source = source;
    this.partition = partition;
    this.from = from;
    this.to = to;
    this.bytes = bytes;
  }

  /**
   * The block of a source (see {@link Origin#source()}) whose packed records are these bytes, all
   * that the source has with offsets from {@code from} up to, but not including, {@code to}.
   */
  public static RecordBlock of(String source, int partition, long from, long to, byte[] bytes) {
    return new RecordBlock(source, partition, from, to, bytes);
  }

  /** A block of which no more is known than its records: they alone make its range. */
  public static RecordBlock of(String source, int partition, byte[] bytes) {
    Cursor record = new RecordBlock(source, partition, 0, 0, bytes).records();
    long first = 0;
    long behind = 0;
    for (boolean isFirst = true; record.next(); isFirst = false) {
      first = isFirst ? record.offset : first;
      behind = record.offset + 1;
    }
    return new RecordBlock(source, partition, first, behind, bytes);
  }

  public String source() {
    return source;
  }

  /** The topic's partition, or {@link Origin#NO_PARTITION}. */
  public int partition() {
    return partition;
  }

  /** The offset that the block's range begins with; its first record may come later. */
  public long from() {
    return from;
  }

  /** The offset behind the block's range. */
  public long to() {
    return to;
  }

  /** The packed records: read only. */
  public byte[] bytes() {
    return bytes;
  }

  /** A cursor before the block's first record. */
  public Cursor records() {
    return new Cursor(this);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof RecordBlock that
        && source.equals(that.source)
        && partition == that.partition
        && from == that.from
        && to == that.to
        && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return 31 * source.hashCode() + Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    return "RecordBlock(" + source + ", " + partition + ", " + bytes.length + " bytes)";
  }

  /** Packs records. */
  public static final class Writer {
    private final ByteWriter out;
    private int count;

    public Writer(int capacity) {
      out = new ByteWriter(capacity);
    }

    /**
     * Appends a record.
     *
     * @param offset in the partition, or the byte offset of the line in its file
     * @param line from 1, or {@link Origin#NO_LINE}
     * @param timestampMillis when the record came to the topic, or was read from its file
     */
    public void add(
        long offset,
        long line,
        long timestampMillis,
        byte @Nullable [] key,
        byte @Nullable [] value,
        int valueOffset,
        int valueLength) {
      out.writeZigzag(offset);
      out.writeZigzag(line);
      out.writeZigzag(timestampMillis);
      add(key, 0, key == null ? 0 : key.length);
      add(value, valueOffset, valueLength);
      out.writeVarint(TimestampKind.CREATE.code());
      count++;
    }

    /** Appends a record of a topic, as of whoever sent it and without headers. */
    public void add(
        long offset, long timestampMillis, @Nullable ByteBuffer key, @Nullable ByteBuffer value) {
      add(offset, timestampMillis, TimestampKind.CREATE, key, value, List.of());
    }

    /**
     * Appends a record of a topic.
     *
     * @param offset in the partition
     * @param timestampMillis when the record came to the topic
     * @param key backed by an array, as is {@code value}
     * @param headers those that are kept
     */
    public void add(
        long offset,
        long timestampMillis,
        TimestampKind kind,
        @Nullable ByteBuffer key,
        @Nullable ByteBuffer value,
        List<RecordHeader> headers) {
      out.writeZigzag(offset);
      out.writeZigzag(Origin.NO_LINE);
      out.writeZigzag(timestampMillis);
      add(key);
      add(value);
      out.writeVarint(((long) headers.size() << KIND_BITS) | kind.code());
      if (!headers.isEmpty()) {
        add(headers);
      }
      count++;
    }

    private void add(List<RecordHeader> headers) {
      ByteWriter packed = new ByteWriter(64);
      for (RecordHeader header : headers) {
        packed.writeText(header.key());
        byte[] value = header.value();
        packed.writeVarint(value == null ? 0 : value.length + 1L);
        if (value != null) {
          packed.writeRaw(value, 0, value.length);
        }
      }
      out.writeBytes(packed.buffer(), 0, packed.length());
    }

    private void add(@Nullable ByteBuffer part) {
      if (part == null) {
        add(null, 0, 0);
      } else {
        add(part.array(), part.arrayOffset() + part.position(), part.remaining());
      }
    }

    private void add(byte @Nullable [] part, int start, int length) {
      if (part == null) {
        out.writeVarint(0);
      } else {
        out.writeVarint(length + 1L);
        out.writeRaw(part, start, length);
      }
    }

    /** How many records were added since the last {@link #take}. */
    public int count() {
      return count;
    }

    /** How many bytes they take. */
    public int length() {
      return out.length();
    }

    /** The packed records so far; the writer is empty afterwards. */
    public byte[] take() {
      byte[] packed = out.toByteArray();
      out.clear();
      count = 0;
      return packed;
    }
  }

  /** Walks over a block's records; what it shows is good until the next {@link #next()}. */
  public static final class Cursor {
    private final RecordBlock block;
    private final ByteReader in;
    private long offset;
    private long line;
    private long timestampMillis;
    private int keyStart;
    private int keyLength;
    private int valueStart;
    private int valueLength;
    private int attributes;
    private int headersStart;
    private int headersLength;

    private Cursor(RecordBlock block) {
      this.block = block;
      this.in = new ByteReader(block.bytes);
    }

    /** Moves to the next record; false after the last. */
    public boolean next() {
      if (!in.hasRemaining()) {
        return false;
      }
      offset = in.readZigzag();
      line = in.readZigzag();
      timestampMillis = in.readZigzag();
      keyLength = in.readLength() - 1;
      keyStart = in.skip(Math.max(keyLength, 0));
      valueLength = in.readLength() - 1;
      valueStart = in.skip(Math.max(valueLength, 0));
      attributes = in.readLength();
      headersLength = attributes >> KIND_BITS == 0 ? 0 : in.readLength();
      headersStart = in.skip(headersLength);
      return true;
    }

    /** The array that the key and the value are slices of: read only. */
    public byte[] buffer() {
      return block.bytes;
    }

    public boolean hasKey() {
      return keyLength >= 0;
    }

    public int keyStart() {
      return keyStart;
    }

    public int keyLength() {
      return keyLength;
    }

    /** False for a tombstone: a record with a key and no value. */
    public boolean hasValue() {
      return valueLength >= 0;
    }

    public int valueStart() {
      return valueStart;
    }

    public int valueLength() {
      return valueLength;
    }

    /** The record's {@link Origin#offset()}. */
    public long offset() {
      return offset;
    }

    public long timestampMillis() {
      return timestampMillis;
    }

    /** Who set the timestamp. */
    public TimestampKind timestampKind() {
      return TimestampKind.of(attributes & ((1 << KIND_BITS) - 1));
    }

    /** Whether there are headers; none if whoever read the record left them out. */
    public boolean hasHeaders() {
      return headersLength > 0;
    }

    /** The headers, in their order. */
    public List<RecordHeader> headers() {
      int left = attributes >> KIND_BITS;
      List<RecordHeader> headers = new ArrayList<>(left);
      ByteReader packed = new ByteReader(block.bytes, headersStart, headersLength);
      for (; left > 0; left--) {
        String key = packed.readText();
        int length = packed.readLength() - 1;
        int start = packed.skip(Math.max(length, 0));
        headers.add(
            RecordHeader.of(
                key, length < 0 ? null : Arrays.copyOfRange(block.bytes, start, start + length)));
      }
      return headers;
    }

    public String source() {
      return block.source;
    }

    /** The topic that the record is from; null if it is from a file. */
    public @Nullable String topic() {
      return block.partition == Origin.NO_PARTITION ? null : block.source;
    }

    public Origin origin() {
      return Origin.of(block.source, block.partition, offset, line);
    }

    /** A copy of the key, or null. */
    public byte @Nullable [] copyKey() {
      return hasKey() ? Arrays.copyOfRange(block.bytes, keyStart, keyStart + keyLength) : null;
    }

    /** A copy of the value, or null. */
    public byte @Nullable [] copyValue() {
      return hasValue()
          ? Arrays.copyOfRange(block.bytes, valueStart, valueStart + valueLength)
          : null;
    }
  }
}
