package io.millrace.pipelines.audit;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Dates and times as PostgreSQL writes them: {@code 2026-05-01 12:00:00.5+00}, {@code … BC}. */
final class CanonicalTime {
  private static final Pattern SYNTAX =
      Pattern.compile(
          "(\\d{4,})-(\\d\\d)-(\\d\\d)(?: (\\d\\d:\\d\\d:\\d\\d(?:\\.\\d+)?))?(?:\\+00)?( BC)?");

  /** The time; empty for the infinities. */
  static Optional<LocalDateTime> parse(String text) {
    Matcher matcher = SYNTAX.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    try {
      int year = Integer.parseInt(matcher.group(1));
      LocalDate date =
          LocalDate.of(
              matcher.group(5) == null ? year : 1 - year,
              Integer.parseInt(matcher.group(2)),
              Integer.parseInt(matcher.group(3)));
      return Optional.of(
          date.atTime(
              matcher.group(4) == null ? LocalTime.MIDNIGHT : LocalTime.parse(matcher.group(4))));
    } catch (DateTimeException | NumberFormatException e) {
      return Optional.empty();
    }
  }

  private CanonicalTime() {}
}
