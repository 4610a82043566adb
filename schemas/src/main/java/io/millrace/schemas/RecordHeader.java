package io.millrace.schemas;

import java.util.Arrays;
import java.util.HexFormat;
import org.checkerframework.checker.nullness.qual.Nullable;

/** A header of a topic's record; a record may have several of one key. */
public final class RecordHeader {
  private final String key;
  private final byte @Nullable [] value;

  private RecordHeader(String key, byte @Nullable [] value) {
    this.key = key;
    this.value = value;
  }

  public static RecordHeader of(String key, byte @Nullable [] value) {
    return new RecordHeader(key, value);
  }

  public String key() {
    return key;
  }

  /** The value, read only; null is a value. */
  public byte @Nullable [] value() {
    return value;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof RecordHeader that
        && key.equals(that.key)
        && Arrays.equals(value, that.value);
  }

  @Override
  public int hashCode() {
    return 31 * key.hashCode() + Arrays.hashCode(value);
  }

  @Override
  public String toString() {
    return key + "=" + (value == null ? "null" : HexFormat.of().formatHex(value));
  }
}
