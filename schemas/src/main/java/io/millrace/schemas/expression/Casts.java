package io.millrace.schemas.expression;

import java.math.BigDecimal;
import java.util.Locale;
import java.util.Set;

/** Makes values of other types, where nothing is lost. */
final class Casts {
  private static final Set<String> TYPES =
      Set.of("integer", "numeric", "text", "boolean", "date", "timestamp");

  static void check(String type) {
    if (!TYPES.contains(type)) {
      throw ExpressionException.of(
          type,
          "is not a type of cast; known are "
              + String.join(", ", TYPES.stream().sorted().toList()));
    }
  }

  static Object cast(Object value, String type) {
    check(type);
    return switch (type) {
      case "integer" -> integer(number(value));
      case "numeric" -> number(value);
      case "boolean" -> bool(value);
      case "date" -> DateTimes.text(DateTimes.parse(value).toLocalDate());
      case "timestamp" -> DateTimes.text(DateTimes.parse(value));
      default -> Scalars.text(value);
    };
  }

  private static BigDecimal number(Object value) {
    if (value instanceof Boolean bool) {
      return bool ? BigDecimal.ONE : BigDecimal.ZERO;
    }
    String text = Scalars.text(value).strip();
    try {
      return new BigDecimal(text);
    } catch (NumberFormatException e) {
      throw ExpressionException.of(text, "is not a number");
    }
  }

  private static BigDecimal integer(BigDecimal number) {
    if (number.stripTrailingZeros().scale() > 0) {
      throw ExpressionException.of(
          number.toPlainString(), "is not a whole number; round or floor makes one of it");
    }
    return number.setScale(0);
  }

  private static Boolean bool(Object value) {
    return switch (Scalars.text(value).strip().toLowerCase(Locale.ROOT)) {
      case "true", "t", "yes", "y", "on", "1" -> true;
      case "false", "f", "no", "n", "off", "0" -> false;
      default -> throw ExpressionException.of(Scalars.text(value), "is neither true nor false");
    };
  }

  private Casts() {}
}
