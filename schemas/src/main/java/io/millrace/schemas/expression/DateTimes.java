package io.millrace.schemas.expression;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Dates and times as text, with as many digits of a second everywhere. */
final class DateTimes {
  private static final DateTimeFormatter MICROS =
      new DateTimeFormatterBuilder()
          .append(DateTimeFormatter.ISO_LOCAL_DATE)
          .appendPattern("'T'HH:mm:ss.SSSSSS")
          .toFormatter(Locale.ROOT);

  private static final DateTimeFormatter NANOS =
      new DateTimeFormatterBuilder()
          .append(DateTimeFormatter.ISO_LOCAL_DATE)
          .appendPattern("'T'HH:mm:ss.SSSSSSSSS")
          .toFormatter(Locale.ROOT);

  /** A date, or a date and a time, with or without an offset. */
  private static final DateTimeFormatter READ =
      new DateTimeFormatterBuilder()
          .parseCaseInsensitive()
          .append(DateTimeFormatter.ISO_LOCAL_DATE)
          .optionalStart()
          .appendLiteral('T')
          .append(DateTimeFormatter.ISO_LOCAL_TIME)
          .optionalStart()
          .appendOffsetId()
          .optionalEnd()
          .optionalEnd()
          .toFormatter(Locale.ROOT);

  /** Patterns stand in contracts, so there are few. */
  private static final Map<String, DateTimeFormatter> PATTERNS = new ConcurrentHashMap<>();

  static String text(LocalDate date) {
    return date.equals(LocalDate.MAX)
        ? "infinity"
        : date.equals(LocalDate.MIN) ? "-infinity" : date.toString();
  }

  static String text(LocalDateTime time) {
    return time.equals(LocalDateTime.MAX)
        ? "infinity"
        : time.equals(LocalDateTime.MIN)
            ? "-infinity"
            : (time.get(ChronoField.NANO_OF_SECOND) % 1_000 == 0 ? MICROS : NANOS).format(time);
  }

  static String text(Instant instant) {
    return instant.equals(Instant.MAX)
        ? "infinity"
        : instant.equals(Instant.MIN)
            ? "-infinity"
            : text(LocalDateTime.ofInstant(instant, ZoneOffset.UTC)) + "Z";
  }

  /** The date and the time that a text shows; an offset at its end changes neither. */
  static LocalDateTime parse(Object scalar) {
    String text = Scalars.text(scalar);
    try {
      String form = text.indexOf(' ') == 10 ? text.replaceFirst(" ", "T") : text;
      return (LocalDateTime)
          READ.parseBest(form, LocalDateTime::from, date -> LocalDate.from(date).atStartOfDay());
    } catch (DateTimeException e) {
      throw ExpressionException.of(
          text, "is not a date or time in ISO-8601; a number needs a date's or time's type");
    }
  }

  /** Checks a pattern of letters such as {@code yyyy-MM}. */
  static void checkPattern(String pattern) {
    try {
      PATTERNS.computeIfAbsent(
          pattern, letters -> DateTimeFormatter.ofPattern(letters, Locale.ENGLISH));
    } catch (IllegalArgumentException e) {
      throw ExpressionException.of(pattern, "is not a pattern: " + e.getMessage());
    }
  }

  static String format(LocalDateTime time, String pattern) {
    checkPattern(pattern);
    try {
      return PATTERNS.get(pattern).format(time);
    } catch (DateTimeException e) {
      throw ExpressionException.of(pattern, "asks for what a date and time do not have");
    }
  }

  private DateTimes() {}
}
