package io.millrace.schemas;

import java.io.Serializable;
import java.util.Arrays;

/**
 * A row's key in canonical form: the values of its table's key columns, encoded so that equal keys
 * are equal bytes however the source wrote them (see {@link io.millrace.schemas.image.KeyCodec}).
 */
public final class Key implements Serializable {
  private static final long serialVersionUID = 1L;

  /** The key of an event that concerns no row, such as a truncate. */
  public static final Key NONE = new Key(new byte[0]);

  private final byte[] bytes;

  private Key(byte[] bytes) {
    this.bytes = bytes;
  }

  /** The key that is these bytes; the array is kept and must not change afterwards. */
  public static Key of(byte[] bytes) {
    return bytes.length == 0 ? NONE : new Key(bytes);
  }

  /** The bytes themselves, not a copy: read only. */
  public byte[] bytes() {
    return bytes;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Key that && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    return java.util.HexFormat.of().formatHex(bytes);
  }
}
