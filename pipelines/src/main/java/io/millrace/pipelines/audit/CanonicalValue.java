package io.millrace.pipelines.audit;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.schemas.contract.ColumnType;
import io.millrace.schemas.contract.ColumnType.Kind;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetTime;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Writes values as {@link CanonicalSql} has PostgreSQL write them. */
final class CanonicalValue {

  /**
   * The value's text; null for null.
   *
   * @param value of the classes that a lake's columns are read as
   */
  static @Nullable String text(ComparedColumn column, @Nullable Object value) {
    return value == null ? null : text(column.kind(), column, column.contract().type(), value);
  }

  private static String text(Kind kind, ComparedColumn column, ColumnType type, Object value) {
    return switch (kind) {
      case BOOLEAN -> value.toString();
      case SMALLINT, INTEGER, BIGINT, DECIMAL -> decimal(value.toString());
      case REAL -> floating(((Number) number(value)).doubleValue(), true);
      case DOUBLE -> floating(((Number) number(value)).doubleValue(), value instanceof Float);
      case TEXT -> column.padded() ? value.toString().replaceFirst(" +$", "") : value.toString();
      case UUID -> value.toString().toLowerCase(Locale.ROOT);
      case JSON -> CanonicalJson.text(value.toString());
      case BYTES ->
          value instanceof byte[] bytes
              ? "\\x" + HexFormat.of().formatHex(bytes)
              : value.toString();
      case DATE -> value instanceof LocalDate date ? date(date) + era(date) : value.toString();
      case TIME -> value instanceof LocalTime time ? time(time) : value.toString();
      case TIME_TZ -> offsetTime(value.toString());
      case TIMESTAMP -> timestamp(value, "");
      case TIMESTAMP_TZ -> timestamp(value, "+00");
      case OPAQUE -> value.toString();
      case ARRAY -> array(column, type, value);
    };
  }

  private static Object number(Object value) {
    return value instanceof Number
        ? value
        : switch (value.toString()) {
          case "Infinity" -> Double.POSITIVE_INFINITY;
          case "-Infinity" -> Double.NEGATIVE_INFINITY;
          default -> Double.valueOf(value.toString());
        };
  }

  private static String decimal(String number) {
    try {
      BigDecimal decimal = new BigDecimal(number);
      return decimal.signum() == 0
          ? "0"
          : decimal.scale() > 0
              ? decimal.stripTrailingZeros().toPlainString()
              : decimal.toPlainString();
    } catch (NumberFormatException e) {
      // NaN and the infinities.
      return number;
    }
  }

  /**
   * The shortest digits that read as the same number, with an exponent where PostgreSQL has one.
   */
  private static String floating(double value, boolean isSingle) {
    if (!Double.isFinite(value)) {
      return Double.toString(value);
    }
    if (value == 0) {
      return "0";
    }
    BigDecimal exact = isSingle ? new BigDecimal((float) value) : new BigDecimal(value);
    BigDecimal shortest = shortest(exact, isSingle).stripTrailingZeros();
    int exponent = shortest.precision() - shortest.scale() - 1;
    if (exponent >= -4 && exponent < (isSingle ? 6 : 15)) {
      return shortest.toPlainString();
    }
    String digits = shortest.unscaledValue().abs().toString();
    return (shortest.signum() < 0 ? "-" : "")
        + digits.charAt(0)
        + (digits.length() > 1 ? "." + digits.substring(1) : "")
        + String.format(Locale.ROOT, "e%s%02d", exponent < 0 ? "-" : "+", Math.abs(exponent));
  }

  /** Of the shortest that read as the same number, the one next to it. */
  private static BigDecimal shortest(BigDecimal exact, boolean isSingle) {
    for (int digits = 1; digits <= 17; digits++) {
      for (RoundingMode mode :
          List.of(RoundingMode.HALF_EVEN, RoundingMode.UP, RoundingMode.DOWN)) {
        BigDecimal rounded = exact.round(new MathContext(digits, mode));
        boolean isSame =
            isSingle
                ? rounded.floatValue() == exact.floatValue()
                : rounded.doubleValue() == exact.doubleValue();
        if (isSame) {
          return rounded;
        }
      }
    }
    return exact;
  }

  private static String date(LocalDate date) {
    int year = date.getYear() > 0 ? date.getYear() : 1 - date.getYear();
    return String.format(
        Locale.ROOT, "%04d-%02d-%02d", year, date.getMonthValue(), date.getDayOfMonth());
  }

  private static String era(LocalDate date) {
    return date.getYear() > 0 ? "" : " BC";
  }

  private static String time(LocalTime time) {
    String text =
        String.format(
            Locale.ROOT, "%02d:%02d:%02d", time.getHour(), time.getMinute(), time.getSecond());
    int micros = time.getNano() / 1000;
    return micros == 0
        ? text
        : text + String.format(Locale.ROOT, ".%06d", micros).replaceFirst("0+$", "");
  }

  private static String offsetTime(String text) {
    try {
      return time(
              OffsetTime.parse(text.replaceFirst("([+-]\\d\\d)$", "$1:00"))
                  .withOffsetSameInstant(ZoneOffset.UTC)
                  .toLocalTime())
          + "+00";
    } catch (DateTimeException e) {
      return text;
    }
  }

  private static String timestamp(Object value, String offset) {
    LocalDateTime time;
    if (value instanceof Instant instant) {
      time = LocalDateTime.ofInstant(instant, ZoneOffset.UTC);
    } else if (value instanceof LocalDateTime local) {
      time = local;
    } else if (value instanceof LocalDate date) {
      time = date.atStartOfDay();
    } else {
      try {
        String text = value.toString();
        LocalDateTime fine =
            LocalDateTime.parse(text.endsWith("Z") ? text.substring(0, text.length() - 1) : text);
        // PostgreSQL keeps microseconds, and rounds to them.
        time = fine.plusNanos(500);
      } catch (DateTimeException e) {
        return value.toString();
      }
    }
    return date(time.toLocalDate())
        + " "
        + time(time.toLocalTime())
        + offset
        + era(time.toLocalDate());
  }

  private static String array(ComparedColumn column, ColumnType type, Object value) {
    ColumnType element = type;
    while (element.kind() == Kind.ARRAY) {
      element = element.element();
    }
    StringBuilder text = new StringBuilder();
    append(column, element, value, text);
    return text.toString();
  }

  private static void append(
      ComparedColumn column, ColumnType element, @Nullable Object value, StringBuilder text) {
    if (value instanceof List<?> values) {
      text.append('{');
      String comma = "";
      for (Object each : values) {
        text.append(comma);
        append(column, element, each, text);
        comma = ",";
      }
      text.append('}');
    } else if (value == null || (value instanceof JsonNode node && node.isNull())) {
      text.append("NULL");
    } else {
      // Of numbers in arrays PostgreSQL does not leave out zeros.
      String plain =
          value instanceof BigDecimal decimal
              ? decimal.toPlainString()
              : text(element.kind(), column, element, value);
      boolean isBoolean = element.kind() == Kind.BOOLEAN;
      text.append(isBoolean ? plain.substring(0, 1) : quoted(plain));
    }
  }

  /** An element as PostgreSQL writes it: in quotes where it has to be. */
  private static String quoted(String element) {
    boolean isPlain =
        !element.isEmpty()
            && !element.equalsIgnoreCase("NULL")
            && element.chars().noneMatch(c -> "{}\",\\ \t\n\r\f\u000B".indexOf(c) >= 0);
    return isPlain ? element : '"' + element.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }

  private CanonicalValue() {}
}
