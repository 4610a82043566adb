package io.millrace.schemas;

import java.io.Serializable;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * A place in a source's total order of changes, as memcomparable bytes: comparing two positions of
 * one source is comparing their bytes as unsigned numbers, the shorter first where one is a prefix
 * of the other. That is also how PostgreSQL orders {@code bytea}, so the warehouse compares
 * positions exactly as the pipeline does.
 *
 * <p>A position begins with the epoch (see {@link PositionEncoder}); the parts that follow belong
 * to the format that made it. Positions of different tables or sources are never compared.
 */
public final class Position implements Comparable<Position>, Serializable {
  private static final long serialVersionUID = 1L;
  private static final HexFormat HEX = HexFormat.of();

  /** Before every other position: the position of a value that nothing has supplied yet. */
  public static final Position NONE = new Position(new byte[0]);

  private final byte[] bytes;

  private Position(byte[] bytes) {
    this.bytes = bytes;
  }

  /** The position that is these bytes; the array is kept and must not change afterwards. */
  public static Position of(byte[] bytes) {
    return bytes.length == 0 ? NONE : new Position(bytes);
  }

  /**
   * The position whose {@link #toHex()} this is.
   *
   * @throws IllegalArgumentException if {@code hex} is not an even number of hexadecimal digits
   */
  public static Position ofHex(CharSequence hex) {
    return of(HEX.parseHex(hex));
  }

  /**
   * A position just behind this one, before all that differ from this one in their parts.
   *
   * @param rank what orders positions that follow the same one, from 0 to 255
   */
  public Position followedBy(int rank) {
    byte[] longer = Arrays.copyOf(bytes, bytes.length + 1);
    longer[bytes.length] = (byte) rank;
    return new Position(longer);
  }

  /**
   * A position just before this one, behind all that come before this one in their parts.
   *
   * @throws IllegalStateException if this is {@link #NONE}
   */
  public Position justBefore() {
    if (bytes.length == 0) {
      throw new IllegalStateException("nothing is before every other position");
    }
    byte last = bytes[bytes.length - 1];
    if (last == 0) {
      return of(Arrays.copyOf(bytes, bytes.length - 1));
    }
    // No part of a position begins with 0xFF, and no text holds it; a number may end with one.
    byte[] before = Arrays.copyOf(bytes, bytes.length + 2);
    before[bytes.length - 1] = (byte) (last - 1);
    before[bytes.length] = (byte) 0xFF;
    before[bytes.length + 1] = (byte) 0xFF;
    return new Position(before);
  }

  /** The bytes themselves, not a copy: read only. */
  @SuppressWarnings("EI_EXPOSE_REP")
  public byte[] bytes() {
    return bytes;
  }

  /** Lower-case hexadecimal digits; they sort bytewise as the positions do. */
  public String toHex() {
    return HEX.formatHex(bytes);
  }

  public boolean isAfter(Position other) {
    return compareTo(other) > 0;
  }

  @Override
  public int compareTo(Position other) {
    return Arrays.compareUnsigned(bytes, other.bytes);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Position that && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    return toHex();
  }
}
