package io.millrace.schemas.expression;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Digests of values, in hexadecimal digits. */
final class Digests {
  private static final byte NULL = 0;
  private static final byte NUMBER = 1;
  private static final byte BOOLEAN = 2;
  private static final byte TEXT = 3;

  /** The digest of a text in UTF-8: what PostgreSQL's functions of these names give, too. */
  static String hex(String algorithm, String text) {
    return HexFormat.of()
        .formatHex(digest(algorithm).digest(text.getBytes(StandardCharsets.UTF_8)));
  }

  /**
   * The SHA-256 of some values in their order, each as a byte for its kind, its length and its
   * text; other values have another one, nulls and the ends of texts included. The form is part of
   * keys that are stored, so it never changes.
   */
  static String hash(@Nullable Object[] values) {
    MessageDigest digest = digest("SHA-256");
    for (Object value : values) {
      byte[] text = value == null ? new byte[0] : canonical(value).getBytes(StandardCharsets.UTF_8);
      digest.update(kind(value));
      digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(text.length).array());
      digest.update(text);
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static byte kind(@Nullable Object value) {
    if (value == null) {
      return NULL;
    }
    return value instanceof BigDecimal ? NUMBER : value instanceof Boolean ? BOOLEAN : TEXT;
  }

  /** Numbers that are equal are the same, however many zeros they end in. */
  private static String canonical(Object value) {
    return value instanceof BigDecimal number
        ? number.signum() == 0 ? "0" : number.stripTrailingZeros().toPlainString()
        : value.toString();
  }

  private static MessageDigest digest(String algorithm) {
    try {
      return MessageDigest.getInstance(algorithm);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform has " + algorithm, e);
    }
  }

  private Digests() {}
}
