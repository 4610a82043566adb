package io.millrace.transforms.view;

import io.millrace.schemas.contract.ColumnType;
import io.millrace.schemas.expression.ExpressionException;
import io.millrace.transforms.quality.RunCounter;
import java.io.Serializable;
import java.math.BigDecimal;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * The values of a view's columns. One that cannot be computed (text where a number is needed), or
 * that its column cannot take, is null and counted, so that neither the row nor the run goes.
 */
final class ComputedValues implements Serializable {
  private static final long serialVersionUID = 1L;

  private final RunCounter rejected = RunCounter.named("view_values_rejected");

  /** What an expression says of a row. */
  @Nullable Object of(ViewExpression expression, JoinedValues row) {
    try {
      return expression.evaluate(row);
    } catch (ExpressionException e) {
      rejected.add(1);
      return null;
    }
  }

  /** A value as a column of this type takes it. */
  @Nullable Object of(ColumnType type, @Nullable Object value) {
    try {
      return ViewValues.of(type, value);
    } catch (ViewException e) {
      rejected.add(1);
      return null;
    }
  }

  /** A value as an aggregate takes it. */
  @Nullable Object of(ViewAggregate aggregate, @Nullable Object value) {
    boolean isNumeric = aggregate == ViewAggregate.SUM || aggregate == ViewAggregate.AVG;
    return isNumeric ? number(value) : value;
  }

  private @Nullable BigDecimal number(@Nullable Object value) {
    try {
      return value == null ? null : ViewValues.decimal(value);
    } catch (NumberFormatException e) {
      rejected.add(1);
      return null;
    }
  }
}
