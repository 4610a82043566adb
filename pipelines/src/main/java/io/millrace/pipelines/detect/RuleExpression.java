package io.millrace.pipelines.detect;

import io.millrace.schemas.RejectedRecordException;
import io.millrace.schemas.RejectedRecordException.Reason;
import io.millrace.schemas.expression.ExpressionException;
import io.millrace.schemas.expression.RowExpression;
import java.io.Serializable;
import java.math.BigDecimal;
import java.util.Set;
import java.util.function.Function;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * An expression of a rule over an event's columns. An event of which it has no value is rejected.
 * An instance is used by one thread at a time.
 */
final class RuleExpression implements Serializable {
  private static final long serialVersionUID = 1L;

  private final String rule;
  private final String text;
  private transient @Nullable RowExpression expression;

  /**
   * Takes a rule's expression.
   *
   * @throws ExpressionException if it is none
   */
  RuleExpression(String rule, String text) {
    this.rule = rule;
    this.text = text;
    this.expression = RowExpression.parse(text);
  }

  /** The columns that it names. */
  Set<String> columns() {
    return expression().columns();
  }

  /**
   * Whether it is true of an event; where it is null, it is not.
   *
   * @throws RejectedRecordException if there is no telling
   */
  boolean holds(Function<String, @Nullable Object> values) {
    Object value = evaluate(values);
    if (value == null || value instanceof Boolean) {
      return Boolean.TRUE.equals(value);
    }
    throw rejected("'" + value + "' is neither true nor false");
  }

  /**
   * Its number for an event; NaN where it is null.
   *
   * @throws RejectedRecordException if it is none
   */
  double number(Function<String, @Nullable Object> values) {
    Object value = evaluate(values);
    if (value == null || value.equals("NaN") || value instanceof BigDecimal) {
      return value instanceof BigDecimal number ? number.doubleValue() : Double.NaN;
    }
    throw rejected("'" + value + "' is not a number");
  }

  private @Nullable Object evaluate(Function<String, @Nullable Object> values) {
    try {
      return expression().evaluate(values);
    } catch (ExpressionException e) {
      throw rejected(e.getMessage());
    }
  }

  private RejectedRecordException rejected(String problem) {
    return new RejectedRecordException(
        Reason.BAD_VALUE, "rule " + rule + ", which asks for " + text + ": " + problem);
  }

  private RowExpression expression() {
    RowExpression parsed = expression;
    if (parsed == null) {
      parsed = RowExpression.parse(text);
      expression = parsed;
    }
    return parsed;
  }
}
