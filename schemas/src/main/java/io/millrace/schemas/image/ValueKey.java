package io.millrace.schemas.image;

import io.millrace.schemas.wire.ByteWriter;
import java.math.BigDecimal;
import java.util.HexFormat;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Makes a key of any values, so that equal values are equal bytes: each as text, with a length,
 * numbers of every type without trailing zeros. State is keyed by these bytes, so the format never
 * changes.
 */
public final class ValueKey {

  /** The key of these values; null if one of them is null. */
  public static byte @Nullable [] of(@Nullable Object... values) {
    ByteWriter out = new ByteWriter(32);
    for (Object value : values) {
      if (value == null) {
        return null;
      }
      out.writeText(text(value));
    }
    return out.toByteArray();
  }

  /** A value as it stands in keys. */
  public static String text(Object value) {
    if (value instanceof byte[] bytes) {
      return HexFormat.of().formatHex(bytes);
    }
    if (value instanceof BigDecimal decimal) {
      return plain(decimal);
    }
    if (value instanceof Double || value instanceof Float) {
      return Double.isFinite(((Number) value).doubleValue())
          ? plain(new BigDecimal(value.toString()))
          : value.toString();
    }
    return value.toString();
  }

  private static String plain(BigDecimal decimal) {
    return decimal.signum() == 0 ? "0" : decimal.stripTrailingZeros().toPlainString();
  }

  private ValueKey() {}
}
