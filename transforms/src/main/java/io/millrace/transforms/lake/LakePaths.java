package io.millrace.transforms.lake;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.LocalDate;
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

  private static final long FIRST_DAY = LocalDate.of(1, 1, 1).toEpochDay();
  private static final long LAST_DAY = LocalDate.of(9999, 12, 31).toEpochDay();
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

  /** The day in UTC of a time in microseconds. */
  static long day(long micros) {
    return Math.floorDiv(micros, TimeUnit.DAYS.toMicros(1));
  }

  /** A day as a date; null where it is none of the years from 1 to 9999, as of no time. */
  static @Nullable String date(long day) {
    return day < FIRST_DAY || day > LAST_DAY ? null : LocalDate.ofEpochDay(day).toString();
  }

  /** The folder of a table's rows of a day. */
  static String folder(String table, @Nullable String date) {
    return TABLE + escape(table) + "/" + DATE + (date == null ? NO_DATE : date);
  }

  private LakePaths() {}
}
