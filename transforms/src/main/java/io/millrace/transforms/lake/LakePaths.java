package io.millrace.transforms.lake;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.concurrent.TimeUnit;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Names in the lake's directory. Nothing that comes from data gets into a path as it is. */
final class LakePaths {
  static final String MANIFEST = "_manifest";
  static final String TABLE = "table=";
  static final String DATE = "commit_date=";

  /** What Hive calls the partition of rows without a value. */
  static final String NO_DATE = "__HIVE_DEFAULT_PARTITION__";

  private static final HexFormat HEX = HexFormat.of();
  private static final HexFormat ESCAPE = HexFormat.of().withUpperCase();
  private static final int LONGEST_NAME = 160;
  private static final int HASH_DIGITS = 16;

  /**
   * A name of letters, digits, {@code _}, {@code -} and inner dots; every other byte of its UTF-8
   * becomes {@code %} and two digits, as Hive has it. What would be too long ends in its hash.
   */
  static String escape(String name) {
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
  static String hash(String name) {
    return HEX.formatHex(sha256().digest(name.getBytes(StandardCharsets.UTF_8)))
        .substring(0, HASH_DIGITS);
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java has SHA-256", e);
    }
  }

  /** The day in UTC of a time in microseconds; null if there is none from year 1 to 9999. */
  static @Nullable String date(long micros) {
    long days = Math.floorDiv(micros, TimeUnit.DAYS.toMicros(1));
    if (Math.abs(days) > 4_000_000) {
      return null;
    }
    LocalDate date = LocalDate.ofInstant(Instant.ofEpochSecond(days * 86_400), ZoneOffset.UTC);
    return date.getYear() < 1 || date.getYear() > 9999 ? null : date.toString();
  }

  /** The folder of a table's rows of a day. */
  static String folder(String table, @Nullable String date) {
    return TABLE + escape(table) + "/" + DATE + (date == null ? NO_DATE : date);
  }

  private LakePaths() {}
}
