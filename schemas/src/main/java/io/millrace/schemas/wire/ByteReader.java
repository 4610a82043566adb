package io.millrace.schemas.wire;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads what {@link ByteWriter} wrote. Every method throws {@link IllegalStateException} where the
 * bytes end too early.
 */
public final class ByteReader {
  private final byte[] buffer;
  private final int end;
  private int position;

  public ByteReader(byte[] buffer) {
    this(buffer, 0, buffer.length);
  }

  public ByteReader(byte[] buffer, int offset, int length) {
    this.buffer = buffer;
    this.position = offset;
    this.end = offset + length;
  }

  public byte[] buffer() {
    return buffer;
  }

  public int position() {
    return position;
  }

  public boolean hasRemaining() {
    return position < end;
  }

  /** Moves over bytes and answers where they began. */
  public int skip(int count) {
    if (count < 0 || count > end - position) {
      throw new IllegalStateException(
          "Damaged bytes: " + count + " more expected at " + position + " of " + end);
    }
    int start = position;
    position += count;
    return start;
  }

  public int readByte() {
    return buffer[skip(1)] & 0xFF;
  }

  public int readInt() {
    int at = skip(4);
    return (buffer[at] & 0xFF) << 24
        | (buffer[at + 1] & 0xFF) << 16
        | (buffer[at + 2] & 0xFF) << 8
        | (buffer[at + 3] & 0xFF);
  }

  /** Reads eight bytes, big-endian. */
  public long readLong() {
    return (long) readInt() << 32 | (readInt() & 0xFFFFFFFFL);
  }

  public long readVarint() {
    // Most are small.
    if (position < end && buffer[position] >= 0) {
      return buffer[position++];
    }
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      int next = readByte();
      value |= (long) (next & 0x7F) << shift;
      if (next < 0x80) {
        return value;
      }
    }
    throw new IllegalStateException("Damaged bytes: a number is longer than 64 bits");
  }

  public int readLength() {
    return Math.toIntExact(readVarint());
  }

  public long readZigzag() {
    long value = readVarint();
    return (value >>> 1) ^ -(value & 1);
  }

  public byte[] readBytes() {
    int count = readLength();
    int start = skip(count);
    return Arrays.copyOfRange(buffer, start, start + count);
  }

  public String readText() {
    int count = readLength();
    return new String(buffer, skip(count), count, StandardCharsets.UTF_8);
  }
}
