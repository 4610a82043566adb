package io.millrace.schemas.expression;

import com.ezylang.evalex.data.EvaluationValue;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetTime;
import java.util.Base64;
import org.checkerframework.checker.nullness.qual.Nullable;

/** The values of expressions: numbers, text, booleans and null; as the library has them, too. */
final class Scalars {
  /** More digits than any column holds; a number beyond would take too much to write down. */
  private static final int MOST_DIGITS = 150_000;

  static @Nullable Object of(EvaluationValue value) {
    return value.isNullValue() ? null : value.getValue();
  }

  static EvaluationValue value(@Nullable Object scalar) {
    if (scalar == null) {
      return EvaluationValue.NULL_VALUE;
    }
    if (scalar instanceof BigDecimal number) {
      if (Math.abs((long) number.scale()) > MOST_DIGITS || number.precision() > MOST_DIGITS) {
        throw new ExpressionException("a number has more than " + MOST_DIGITS + " digits");
      }
      return EvaluationValue.numberValue(number);
    }
    return scalar instanceof Boolean bool
        ? EvaluationValue.booleanValue(bool)
        : EvaluationValue.stringValue((String) scalar);
  }

  /** A column's value as an expression sees it. */
  static @Nullable Object ofColumn(@Nullable Object value) {
    if (value instanceof Double || value instanceof Float) {
      double number = ((Number) value).doubleValue();
      return Double.isFinite(number) ? (Object) new BigDecimal(value.toString()) : value.toString();
    }
    if (value instanceof Long || value instanceof Integer || value instanceof Short) {
      return BigDecimal.valueOf(((Number) value).longValue());
    }
    if (value instanceof LocalDate date) {
      return DateTimes.text(date);
    }
    if (value instanceof LocalDateTime time) {
      return DateTimes.text(time);
    }
    if (value instanceof Instant instant) {
      return DateTimes.text(instant);
    }
    if (value instanceof LocalTime || value instanceof OffsetTime) {
      return value.toString();
    }
    return value instanceof byte[] bytes ? Base64.getEncoder().encodeToString(bytes) : value;
  }

  static BigDecimal number(Object scalar) {
    if (scalar instanceof BigDecimal number) {
      return number;
    }
    throw ExpressionException.of(text(scalar), "is not a number; cast makes one of text");
  }

  static String text(Object scalar) {
    return scalar instanceof BigDecimal number ? number.toPlainString() : scalar.toString();
  }

  static boolean bool(Object scalar) {
    if (scalar instanceof Boolean bool) {
      return bool;
    }
    throw ExpressionException.of(text(scalar), "is neither true nor false");
  }

  /** A number that says how many, or where. */
  static int count(Object scalar) {
    try {
      return number(scalar).intValueExact();
    } catch (ArithmeticException e) {
      throw ExpressionException.of(text(scalar), "is not a whole number below 2^31");
    }
  }

  private Scalars() {}
}
