package io.millrace.schemas.expression;

import static com.ezylang.evalex.operators.OperatorIfc.OPERATOR_PRECEDENCE_ADDITIVE;
import static com.ezylang.evalex.operators.OperatorIfc.OPERATOR_PRECEDENCE_AND;
import static com.ezylang.evalex.operators.OperatorIfc.OPERATOR_PRECEDENCE_COMPARISON;
import static com.ezylang.evalex.operators.OperatorIfc.OPERATOR_PRECEDENCE_EQUALITY;
import static com.ezylang.evalex.operators.OperatorIfc.OPERATOR_PRECEDENCE_MULTIPLICATIVE;
import static com.ezylang.evalex.operators.OperatorIfc.OPERATOR_PRECEDENCE_OR;

import com.ezylang.evalex.config.MapBasedOperatorDictionary;
import com.ezylang.evalex.config.OperatorDictionaryIfc;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Map;
import java.util.function.BinaryOperator;
import java.util.function.IntPredicate;
import org.checkerframework.checker.nullness.qual.Nullable;

/** The operators of expressions, and no others; logic is SQL's, of three values. */
final class ScalarOperators {
  static final OperatorDictionaryIfc DICTIONARY = new MapBasedOperatorDictionary();

  static {
    Map.ofEntries(
            Map.entry("+", arithmetic(OPERATOR_PRECEDENCE_ADDITIVE, BigDecimal::add)),
            Map.entry("-", arithmetic(OPERATOR_PRECEDENCE_ADDITIVE, BigDecimal::subtract)),
            Map.entry("*", arithmetic(OPERATOR_PRECEDENCE_MULTIPLICATIVE, BigDecimal::multiply)),
            Map.entry(
                "/",
                arithmetic(
                    OPERATOR_PRECEDENCE_MULTIPLICATIVE,
                    (left, right) -> left.divide(right, MathContext.DECIMAL128))),
            Map.entry("%", arithmetic(OPERATOR_PRECEDENCE_MULTIPLICATIVE, BigDecimal::remainder)),
            Map.entry("=", comparison(OPERATOR_PRECEDENCE_EQUALITY, order -> order == 0)),
            Map.entry("==", comparison(OPERATOR_PRECEDENCE_EQUALITY, order -> order == 0)),
            Map.entry("<>", comparison(OPERATOR_PRECEDENCE_EQUALITY, order -> order != 0)),
            Map.entry("!=", comparison(OPERATOR_PRECEDENCE_EQUALITY, order -> order != 0)),
            Map.entry("<", comparison(OPERATOR_PRECEDENCE_COMPARISON, order -> order < 0)),
            Map.entry("<=", comparison(OPERATOR_PRECEDENCE_COMPARISON, order -> order <= 0)),
            Map.entry(">", comparison(OPERATOR_PRECEDENCE_COMPARISON, order -> order > 0)),
            Map.entry(">=", comparison(OPERATOR_PRECEDENCE_COMPARISON, order -> order >= 0)),
            Map.entry(
                "&&",
                ScalarOperator.between(
                        OPERATOR_PRECEDENCE_AND, (left, right) -> logic(left, right, false))
                    .takingNull()),
            Map.entry(
                "||",
                ScalarOperator.between(
                        OPERATOR_PRECEDENCE_OR, (left, right) -> logic(left, right, true))
                    .takingNull()))
        .forEach(DICTIONARY::addOperator);
    DICTIONARY.addOperator(
        "-", ScalarOperator.before((value, none) -> Scalars.number(value).negate()));
    DICTIONARY.addOperator("!", ScalarOperator.before((value, none) -> !Scalars.bool(value)));
  }

  private static ScalarOperator arithmetic(int precedence, BinaryOperator<BigDecimal> operator) {
    return ScalarOperator.between(
        precedence, (left, right) -> operator.apply(Scalars.number(left), Scalars.number(right)));
  }

  private static ScalarOperator comparison(int precedence, IntPredicate holds) {
    return ScalarOperator.between(precedence, (left, right) -> holds.test(compare(left, right)));
  }

  private static int compare(Object left, Object right) {
    if (left instanceof BigDecimal one && right instanceof BigDecimal other) {
      return one.compareTo(other);
    }
    if (left instanceof Boolean one && right instanceof Boolean other) {
      return one.compareTo(other);
    }
    if (left instanceof String one && right instanceof String other) {
      return one.compareTo(other);
    }
    throw ExpressionException.of(
        Scalars.text(left),
        "and '" + Scalars.text(right) + "' are of different types; cast makes one of the other");
  }

  /** One value decides; without it an unknown one leaves the answer unknown. */
  private static @Nullable Object logic(
      @Nullable Object left, @Nullable Object right, boolean decides) {
    boolean unknown = false;
    for (Object value : new Object[] {left, right}) {
      if (value == null) {
        unknown = true;
      } else if (Scalars.bool(value) == decides) {
        return decides;
      }
    }
    return unknown ? null : !decides;
  }

  private ScalarOperators() {}
}
