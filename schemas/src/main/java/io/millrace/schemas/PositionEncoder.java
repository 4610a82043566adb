package io.millrace.schemas;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Builds a {@link Position} part by part. Each number is written as a byte that tells its length,
 * then its big-endian bytes, so that the bytes of two numbers compare as the numbers do and small
 * ones stay short. The first part is always the epoch: raising it puts a rebuilt source after all
 * that was there before.
 *
 * <p>Number format: non-negative numbers of n significant bytes are {@code 0x80 + n} and the bytes;
 * negative ones {@code 0x80 - n} and the bytes of the number plus 256^n (two's complement of n
 * bytes); n is at most {@value #MAX_NUMBER_BYTES}.
 */
public final class PositionEncoder {
  /** The longest number that can be a part of a position, in bytes. */
  public static final int MAX_NUMBER_BYTES = 64;

  private byte[] buffer = new byte[32];
  private int length;

  /**
   * The epoch that a position is in.
   *
   * @throws IllegalArgumentException if the position does not begin with a number
   */
  public static int epochOf(Position position) {
    byte[] bytes = position.bytes();
    int size = bytes.length == 0 ? -1 : (bytes[0] & 0xFF) - 0x80;
    if (size < 0 || size > Integer.BYTES || size >= bytes.length) {
      throw new IllegalArgumentException("not a position with an epoch: " + position);
    }
    int epoch = 0;
    for (int i = 1; i <= size; i++) {
      epoch = epoch << 8 | (bytes[i] & 0xFF);
    }
    return epoch;
  }

  /** Starts a position anew, in the given epoch (0 or more). */
  public PositionEncoder start(int epoch) {
    length = 0;
    return number(epoch);
  }

  /** Appends a number. */
  public PositionEncoder number(long value) {
    if (value < 0) {
      return number(BigInteger.valueOf(value));
    }
    int size = (71 - Long.numberOfLeadingZeros(value)) / 8;
    reserve(size + 1);
    buffer[length++] = (byte) (0x80 + size);
    for (int shift = (size - 1) * 8; shift >= 0; shift -= 8) {
      buffer[length++] = (byte) (value >>> shift);
    }
    return this;
  }

  /**
   * Appends a number of any size up to {@value #MAX_NUMBER_BYTES} bytes.
   *
   * @throws IllegalArgumentException if it is longer
   */
  public PositionEncoder number(BigInteger value) {
    BigInteger magnitude = value.signum() < 0 ? value.negate() : value;
    int size = (magnitude.bitLength() + 7) / 8;
    if (size > MAX_NUMBER_BYTES) {
      throw new IllegalArgumentException(
          "A position's number has "
              + size
              + " bytes; at most "
              + MAX_NUMBER_BYTES
              + " are allowed");
    }
    BigInteger shifted = value.signum() < 0 ? value.add(BigInteger.ONE.shiftLeft(8 * size)) : value;
    byte[] twos = shifted.toByteArray();
    reserve(size + 1);
    buffer[length++] = (byte) (value.signum() < 0 ? 0x80 - size : 0x80 + size);
    for (int i = size; i > 0; i--) {
      int index = twos.length - i;
      buffer[length++] = index < 0 ? 0 : twos[index];
    }
    return this;
  }

  /** Appends one byte as it is: for ranks and tags. */
  public PositionEncoder rank(int value) {
    reserve(1);
    buffer[length++] = (byte) value;
    return this;
  }

  /**
   * Appends text as its bytes in UTF-8, without an end: what follows must tell where it ends, such
   * as a rank that is less than any byte of the text.
   */
  public PositionEncoder text(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    reserve(utf8.length);
    System.arraycopy(utf8, 0, buffer, length, utf8.length);
    length += utf8.length;
    return this;
  }

  /** Appends text that ends the position; it compares bytewise in UTF-8. */
  public Position endWith(String text) {
    return text(text).end();
  }

  /** The position built so far. */
  public Position end() {
    return Position.of(Arrays.copyOf(buffer, length));
  }

  private void reserve(int more) {
    if (length + more > buffer.length) {
      buffer = Arrays.copyOf(buffer, Math.max(buffer.length * 2, length + more));
    }
  }
}
