package io.millrace.transforms.view;

import io.millrace.schemas.contract.ColumnType;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.format.DateTimeParseException;
import java.util.List;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Makes the values of a view's columns of what was computed for them. */
final class ViewValues {

  /**
   * A value as a column of this type takes it. Decimals are rounded half up to the column's digits
   * after the point, as PostgreSQL does.
   *
   * @throws ViewException if it is none of that type
   */
  static @Nullable Object of(ColumnType type, @Nullable Object value) {
    if (value == null) {
      return null;
    }
    try {
      return switch (type.kind()) {
        case SMALLINT -> decimal(value).shortValueExact();
        case INTEGER -> decimal(value).intValueExact();
        case BIGINT -> decimal(value).longValueExact();
        case DECIMAL -> rounded(type, decimal(value));
        case REAL ->
            value instanceof String text ? Float.valueOf(text) : number(value).floatValue();
        case DOUBLE ->
            value instanceof String text ? Double.valueOf(text) : number(value).doubleValue();
        case DATE -> value instanceof String text ? LocalDate.parse(text) : (LocalDate) value;
        case TIME -> value instanceof String text ? LocalTime.parse(text) : (LocalTime) value;
        case TIMESTAMP ->
            value instanceof String text ? LocalDateTime.parse(text) : (LocalDateTime) value;
        case TIMESTAMP_TZ -> value instanceof String text ? Instant.parse(text) : (Instant) value;
        case TEXT -> value instanceof BigDecimal number ? number.toPlainString() : value.toString();
        case BOOLEAN -> (Boolean) value;
        case UUID, JSON, OPAQUE, TIME_TZ -> (String) value;
        case BYTES -> (byte[]) value;
        case ARRAY -> (List<?>) value;
      };
    } catch (ArithmeticException
        | ClassCastException
        | DateTimeParseException
        | NumberFormatException e) {
      throw new ViewException(value + " is no value of a column of type " + type, e);
    }
  }

  private static BigDecimal rounded(ColumnType type, BigDecimal number) {
    if (type.scale() == ColumnType.UNSTATED) {
      return number;
    }
    BigDecimal rounded = number.setScale(type.scale(), RoundingMode.HALF_UP);
    if (type.precision() != ColumnType.UNSTATED && rounded.precision() > type.precision()) {
      throw new ArithmeticException("more digits than the column has");
    }
    return rounded;
  }

  /**
   * A number as a decimal.
   *
   * @throws NumberFormatException if it is none, as NaN
   */
  static BigDecimal decimal(Object value) {
    return value instanceof BigDecimal decimal ? decimal : new BigDecimal(value.toString());
  }

  private static Number number(Object value) {
    return (Number) value;
  }

  private ViewValues() {}
}
