package io.millrace.schemas.expression;

import com.ezylang.evalex.Expression;
import com.ezylang.evalex.config.ExpressionConfiguration;
import com.ezylang.evalex.data.EvaluationValue;
import com.ezylang.evalex.operators.OperatorIfc;
import com.ezylang.evalex.parser.Token;
import org.checkerframework.checker.nullness.qual.Nullable;

/** An operator before one value, or between two. */
final class ScalarOperator implements OperatorIfc {
  /**
   * What an operator does with its left and its right value; an operator before one has no right.
   */
  interface Body {
    @Nullable Object apply(@Nullable Object left, @Nullable Object right);
  }

  private final int precedence;
  private final boolean isPrefix;
  private final boolean takesNull;
  private final Body body;

  private ScalarOperator(int precedence, boolean isPrefix, boolean takesNull, Body body) {
    this.precedence = precedence;
    this.isPrefix = isPrefix;
    this.takesNull = takesNull;
    this.body = body;
  }

  static ScalarOperator before(Body body) {
    return new ScalarOperator(OPERATOR_PRECEDENCE_UNARY, true, false, body);
  }

  /** An operator that is null where one of its values is. */
  static ScalarOperator between(int precedence, Body body) {
    return new ScalarOperator(precedence, false, false, body);
  }

  ScalarOperator takingNull() {
    return new ScalarOperator(precedence, isPrefix, true, body);
  }

  @Override
  public EvaluationValue evaluate(Expression expression, Token token, EvaluationValue... operands) {
    @Nullable Object left = Scalars.of(operands[0]);
    @Nullable Object right = isPrefix ? null : Scalars.of(operands[1]);
    boolean isNull = left == null || (right == null && !isPrefix);
    return isNull && !takesNull
        ? EvaluationValue.NULL_VALUE
        : Scalars.value(body.apply(left, right));
  }

  @Override
  public int getPrecedence() {
    return precedence;
  }

  @Override
  public int getPrecedence(ExpressionConfiguration configuration) {
    return precedence;
  }

  @Override
  public boolean isLeftAssociative() {
    return !isPrefix;
  }

  @Override
  public boolean isPrefix() {
    return isPrefix;
  }

  @Override
  public boolean isPostfix() {
    return false;
  }

  @Override
  public boolean isInfix() {
    return !isPrefix;
  }

  @Override
  public boolean isOperandLazy() {
    return false;
  }
}
