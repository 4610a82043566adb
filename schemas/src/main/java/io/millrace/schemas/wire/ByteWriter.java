package io.millrace.schemas.wire;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Writes numbers, bytes and text into an array that grows as needed. Numbers are little-endian
 * base-128 varints, negative ones zigzag-encoded where the method says so.
 */
public final class ByteWriter {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private byte[] buffer;
  private int length;

  public ByteWriter(int capacity) {
    buffer = new byte[capacity];
  }

  public int length() {
    return length;
  }

  public void clear() {
    length = 0;
  }

  public byte[] toByteArray() {
    return Arrays.copyOf(buffer, length);
  }

  /** The array that is written to: good until the next write. */
  public byte[] buffer() {
    return buffer;
  }

  public void writeByte(int value) {
    reserve(1);
    buffer[length++] = (byte) value;
  }

  /** Writes four bytes, big-endian. */
  public void writeInt(int value) {
    reserve(4);
    length += 4;
    setInt(length - 4, value);
  }

  /** Writes eight bytes, big-endian. */
  public void writeLong(long value) {
    reserve(8);
    LONGS.set(buffer, length, value);
    length += 8;
  }

  /** Overwrites four bytes at an index, big-endian. */
  public void setInt(int index, int value) {
    buffer[index] = (byte) (value >>> 24);
    buffer[index + 1] = (byte) (value >>> 16);
    buffer[index + 2] = (byte) (value >>> 8);
    buffer[index + 3] = (byte) value;
  }

  /** Writes a number that is hardly ever negative. */
  public void writeVarint(long value) {
    reserve(10);
    if ((value & ~0x7FL) == 0) {
      buffer[length++] = (byte) value;
      return;
    }
    long rest = value;
    while ((rest & ~0x7FL) != 0) {
      buffer[length++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    buffer[length++] = (byte) rest;
  }

  /** Writes a number that is as likely negative as not. */
  public void writeZigzag(long value) {
    writeVarint((value << 1) ^ (value >> 63));
  }

  public void writeRaw(byte[] bytes, int offset, int count) {
    reserve(count);
    System.arraycopy(bytes, offset, buffer, length, count);
    length += count;
  }

  /** Writes a length and the bytes. */
  public void writeBytes(byte[] bytes) {
    writeBytes(bytes, 0, bytes.length);
  }

  public void writeBytes(byte[] bytes, int offset, int count) {
    writeVarint(count);
    writeRaw(bytes, offset, count);
  }

  /** Writes text as a length and UTF-8. */
  public void writeText(String text) {
    writeBytes(text.getBytes(StandardCharsets.UTF_8));
  }

  private void reserve(int more) {
    if (length + more > buffer.length) {
      buffer = Arrays.copyOf(buffer, Math.max(buffer.length * 2, length + more));
    }
  }
}
