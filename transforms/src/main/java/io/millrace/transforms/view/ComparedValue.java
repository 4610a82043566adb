package io.millrace.transforms.view;

import io.millrace.schemas.image.ValueKey;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.HexFormat;

/**
 * Values that aggregates keep, as elements of a {@link StoredZSet}: a letter for the type, and the
 * value's text as {@link ValueKey} has it, in UTF-8. Texts compare by their characters' codes, as
 * PostgreSQL's collation {@code C} does.
 */
final class ComparedValue {

  static String write(Object value) {
    return Delta.text((type(value) + ValueKey.text(value)).getBytes(StandardCharsets.UTF_8));
  }

  private static char type(Object value) {
    if (value instanceof Number) {
      return 'n';
    }
    if (value instanceof LocalDate) {
      return 'd';
    }
    if (value instanceof LocalDateTime) {
      return 's';
    }
    if (value instanceof Instant) {
      return 'i';
    }
    if (value instanceof LocalTime) {
      return 'h';
    }
    return value instanceof byte[] ? 'x' : value instanceof Boolean ? 'b' : 't';
  }

  /** The value; a number is a decimal, or text if it is none. */
  static Object read(String element) {
    String text = new String(Delta.bytes(element), StandardCharsets.UTF_8);
    String value = text.substring(1);
    return switch (text.charAt(0)) {
      case 'n' -> isFinite(value) ? new BigDecimal(value) : Double.valueOf(value);
      case 'd' -> LocalDate.parse(value);
      case 's' -> LocalDateTime.parse(value);
      case 'i' -> Instant.parse(value);
      case 'h' -> LocalTime.parse(value);
      case 'x' -> HexFormat.of().parseHex(value);
      case 'b' -> Boolean.valueOf(value);
      default -> value;
    };
  }

  private static boolean isFinite(String number) {
    return Character.isDigit(number.charAt(number.length() - 1));
  }

  /** Orders values of one type; NaN comes after all numbers, as in PostgreSQL. */
  static int compare(String one, String other) {
    Object left = read(one);
    Object right = read(other);
    if (left instanceof BigDecimal first && right instanceof BigDecimal second) {
      return first.compareTo(second);
    }
    if (left instanceof Number first && right instanceof Number second) {
      return Double.compare(first.doubleValue(), second.doubleValue());
    }
    if (left instanceof byte[] first && right instanceof byte[] second) {
      return java.util.Arrays.compareUnsigned(first, second);
    }
    if (left instanceof String first && right instanceof String second) {
      return compareTexts(first, second);
    }
    @SuppressWarnings("unchecked") // both are of the type that the letter tells
    Comparable<Object> first = (Comparable<Object>) left;
    return first.compareTo(right);
  }

  private static int compareTexts(String one, String other) {
    return java.util.Arrays.compareUnsigned(
        one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
  }

  private ComparedValue() {}
}
