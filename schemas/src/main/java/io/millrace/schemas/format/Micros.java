package io.millrace.schemas.format;

import io.millrace.schemas.ChangeEvent;
import io.millrace.schemas.RejectedRecordException;
import io.millrace.schemas.RejectedRecordException.Reason;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAccessor;

/** Times in microseconds since the epoch, within what PostgreSQL can store. */
final class Micros {
  /** 4713-01-01 BC and 294276-01-01, with a year to spare. */
  private static final long FIRST_MILLIS = -210_800_000_000_000L;

  private static final long LAST_MILLIS = 9_224_200_000_000_000L;

  /**
   * @throws RejectedRecordException if the time is out of range
   */
  static long ofMillis(long millis, String field) {
    if (millis < FIRST_MILLIS || millis > LAST_MILLIS) {
      throw new RejectedRecordException(
          Reason.BAD_VALUE, field + " is " + millis + " ms since 1970, which is out of range");
    }
    return millis * 1_000;
  }

  /** The time so many seconds after 1970, or {@link ChangeEvent#NO_TIME} if it is out of range. */
  static long ofSecondsOrNoTime(long seconds) {
    return seconds < FIRST_MILLIS / 1_000 || seconds > LAST_MILLIS / 1_000
        ? ChangeEvent.NO_TIME
        : seconds * 1_000_000;
  }

  /** The time, or {@link ChangeEvent#NO_TIME} where it is out of range. */
  static long orNoTime(long millis) {
    return millis < FIRST_MILLIS || millis > LAST_MILLIS ? ChangeEvent.NO_TIME : millis * 1_000;
  }

  /**
   * The time that the text is, {@code 2026-05-01T12:00:00.123456} with a blank in place of the T or
   * not; in UTC where it has no offset.
   *
   * @throws RejectedRecordException if it is none, or out of range
   */
  static long ofText(String text, String field) {
    String written = text.length() > 10 && text.charAt(10) == ' ' ? withT(text) : text;
    try {
      TemporalAccessor time =
          DateTimeFormatter.ISO_DATE_TIME.parseBest(
              written, OffsetDateTime::from, LocalDateTime::from);
      Instant instant =
          time instanceof OffsetDateTime zoned
              ? zoned.toInstant()
              : ((LocalDateTime) time).toInstant(ZoneOffset.UTC);
      ofMillis(instant.toEpochMilli(), field);
      return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
    } catch (DateTimeException | ArithmeticException e) {
      throw new RejectedRecordException(
          Reason.BAD_VALUE, field + " is '" + text + "'; expected a time in ISO-8601");
    }
  }

  private static String withT(String text) {
    return text.substring(0, 10) + "T" + text.substring(11);
  }

  private Micros() {}
}
