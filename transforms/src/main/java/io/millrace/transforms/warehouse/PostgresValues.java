package io.millrace.transforms.warehouse;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.List;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Values as text that PostgreSQL reads, exactly, whatever its session's settings. */
final class PostgresValues {
  private static final HexFormat HEX = HexFormat.of();

  /** The text of a value of any class that a column's kind states. */
  static String text(Object value) {
    if (value instanceof String text) {
      return text;
    }
    if (value instanceof byte[] bytes) {
      return HEX.formatHex(bytes).transform("\\x"::concat);
    }
    if (value instanceof LocalDate date) {
      return date(date);
    }
    if (value instanceof LocalDateTime time) {
      return timestamp(time, "");
    }
    if (value instanceof Instant instant) {
      return instant(instant);
    }
    if (value instanceof List<?> array) {
      StringBuilder out = new StringBuilder();
      array(array, out);
      return out.toString();
    }
    return value.toString();
  }

  private static String date(LocalDate date) {
    if (date.equals(LocalDate.MAX)) {
      return "infinity";
    }
    if (date.equals(LocalDate.MIN)) {
      return "-infinity";
    }
    StringBuilder out = new StringBuilder(13);
    date(date, out);
    return out.append(era(date)).toString();
  }

  private static String timestamp(LocalDateTime time, String zone) {
    if (time.equals(LocalDateTime.MAX)) {
      return "infinity";
    }
    if (time.equals(LocalDateTime.MIN)) {
      return "-infinity";
    }
    StringBuilder out = new StringBuilder(32);
    date(time.toLocalDate(), out);
    out.append(' ');
    time(time.toLocalTime(), out);
    return out.append(zone).append(era(time.toLocalDate())).toString();
  }

  private static String instant(Instant instant) {
    if (instant.equals(Instant.MAX)) {
      return "infinity";
    }
    if (instant.equals(Instant.MIN)) {
      return "-infinity";
    }
    return timestamp(LocalDateTime.ofInstant(instant, ZoneOffset.UTC), "+00");
  }

  private static void date(LocalDate date, StringBuilder out) {
    int year = date.getYear() > 0 ? date.getYear() : 1 - date.getYear();
    padded(year, 4, out);
    padded(date.getMonthValue(), 2, out.append('-'));
    padded(date.getDayOfMonth(), 2, out.append('-'));
  }

  /** The year before 1 is 1 BC, which Java counts as 0. */
  private static String era(LocalDate date) {
    return date.getYear() > 0 ? "" : " BC";
  }

  private static void time(LocalTime time, StringBuilder out) {
    int second = time.getSecond();
    int nano = time.getNano();
    padded(time.getHour(), 2, out);
    padded(time.getMinute(), 2, out.append(':'));
    padded(second, 2, out.append(':'));
    if (nano != 0) {
      padded(nano, 9, out.append('.'));
    }
  }

  private static void padded(int number, int width, StringBuilder out) {
    for (int limit = 10, digits = 1; digits < width; digits++, limit *= 10) {
      if (number < limit) {
        out.append('0');
      }
    }
    out.append(number);
  }

  private static void array(List<?> values, StringBuilder out) {
    char separator = '{';
    for (Object value : values) {
      out.append(separator);
      separator = ',';
      element(value, out);
    }
    out.append(values.isEmpty() ? "{}" : "}");
  }

  private static void element(@Nullable Object value, StringBuilder out) {
    if (value == null) {
      out.append("NULL");
    } else if (value instanceof List<?> nested) {
      array(nested, out);
    } else {
      out.append('"');
      out.append(text(value).replace("\\", "\\\\").replace("\"", "\\\""));
      out.append('"');
    }
  }

  private PostgresValues() {}
}
