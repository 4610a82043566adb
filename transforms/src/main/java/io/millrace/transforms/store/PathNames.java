package io.millrace.transforms.store;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Names of files and folders. Nothing that comes from data gets into a path as it is. */
public final class PathNames {
  private static final HexFormat HEX = HexFormat.of();
  private static final HexFormat ESCAPE = HexFormat.of().withUpperCase();
  private static final int LONGEST_NAME = 160;
  private static final int HASH_DIGITS = 16;

  /**
   * A name of letters, digits, {@code _}, {@code -} and inner dots; every other byte of its UTF-8
   * becomes {@code %} and two digits, as Hive has it. What would be too long ends in its hash.
   */
  public static String escape(String name) {
    StringBuilder escaped = new StringBuilder();
    for (byte next : name.getBytes(StandardCharsets.UTF_8)) {
      boolean plain =
          (next >= 'a' && next <= 'z')
              || (next >= 'A' && next <= 'Z')
              || (next >= '0' && next <= '9')
              || next == '_'
              || next == '-'
              || (next == '.' && escaped.length() > 0);
      if (plain) {
        escaped.append((char) next);
      } else {
        escaped.append('%').append(ESCAPE.toHexDigits(next));
      }
    }
    return escaped.length() <= LONGEST_NAME
        ? escaped.toString()
        : escaped.substring(0, LONGEST_NAME - HASH_DIGITS - 1) + "-" + hash(name);
  }

  /** Sixteen hexadecimal digits that no other name has. */
  public static String hash(String name) {
    return HEX.formatHex(sha256().digest(name.getBytes(StandardCharsets.UTF_8)))
        .substring(0, HASH_DIGITS);
  }

  public static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java has SHA-256", e);
    }
  }

  private PathNames() {}
}
