package io.millrace.schemas.image;

import java.time.DateTimeException;
import java.time.LocalDateTime;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Reads timestamps in the form that nearly all have, {@code 2026-01-31T12:00:00.123456Z}, with any
 * or no fraction, with or without the Z, and with a blank (as MySQL writes it) for the T or not;
 * the JDK's formatter takes many times as long.
 */
final class UsualTimestamp {
  private static final int FRACTION = 19;
  private static final int MOST_FRACTION_DIGITS = 9;

  /**
   * The timestamp, in UTC.
   *
   * @return null if the text has any other form
   * @throws DateTimeException if there is no such time
   */
  static @Nullable LocalDateTime parse(String text) {
    if (text.length() < FRACTION
        || text.charAt(4) != '-'
        || text.charAt(7) != '-'
        || (text.charAt(10) != 'T' && text.charAt(10) != ' ')
        // Midnight at the end of a day, perhaps.
        || text.startsWith("24", 11)
        || text.charAt(13) != ':'
        || text.charAt(16) != ':') {
      return null;
    }
    int end = text.endsWith("Z") ? text.length() - 1 : text.length();
    if (end < FRACTION) {
      return null;
    }
    int year = number(text, 0, 4);
    int month = number(text, 5, 7);
    int day = number(text, 8, 10);
    int hour = number(text, 11, 13);
    int minute = number(text, 14, 16);
    int second = number(text, 17, FRACTION);
    int nano = end == FRACTION ? 0 : fraction(text, end);
    return (year | month | day | hour | minute | second | nano) < 0
        ? null
        : LocalDateTime.of(year, month, day, hour, minute, second, nano);
  }

  private static int fraction(String text, int end) {
    int digits = end - FRACTION - 1;
    if (text.charAt(FRACTION) != '.' || digits < 1 || digits > MOST_FRACTION_DIGITS) {
      return -1;
    }
    int fraction = number(text, FRACTION + 1, end);
    for (int i = digits; i < MOST_FRACTION_DIGITS; i++) {
      fraction *= 10;
    }
    return fraction;
  }

  /** The number that the digits are, negative if one of them is none. */
  private static int number(String text, int from, int to) {
    int number = 0;
    for (int i = from; i < to; i++) {
      int digit = text.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        return -1;
      }
      number = 10 * number + digit;
    }
    return number;
  }

  private UsualTimestamp() {}
}
