package io.millrace.schemas.expression;

import com.ezylang.evalex.BaseException;
import com.ezylang.evalex.Expression;
import com.ezylang.evalex.config.ExpressionConfiguration;
import com.ezylang.evalex.data.DataAccessorIfc;
import com.ezylang.evalex.data.EvaluationValue;
import com.ezylang.evalex.parser.ASTNode;
import com.ezylang.evalex.parser.ParseException;
import com.ezylang.evalex.parser.Token.TokenType;
import java.math.MathContext;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * An expression over the columns of one row, such as {@code year(sold_on)} or {@code concat(upper(
 * country), '-', id)}. Its value depends on nothing but the row: there is no clock, no chance, no
 * loop and no way to an object of Java's. What a function or operator gets as null makes it null,
 * but for those that say otherwise ({@link ScalarFunctions}). An instance is used by one thread at
 * a time.
 *
 * <p>Values are numbers of any size, text and booleans. Dates and times are text of a fixed form:
 * {@code 2026-05-01}, {@code 2026-05-01T12:00:00.000000}, with a {@code Z} at its end where the
 * type has a time zone; bytes are base64.
 *
 * @see <a href="https://ezylang.github.io/EvalEx/">EvalEx, which parses and evaluates</a>
 */
public final class RowExpression {
  private static final ExpressionConfiguration CONFIGURATION =
      ExpressionConfiguration.builder()
          .functionDictionary(ScalarFunctions.DICTIONARY)
          .operatorDictionary(ScalarOperators.DICTIONARY)
          .defaultConstants(
              Map.of(
                  "TRUE", EvaluationValue.TRUE,
                  "FALSE", EvaluationValue.FALSE,
                  "NULL", EvaluationValue.NULL_VALUE))
          .mathContext(MathContext.UNLIMITED)
          .stripTrailingZeros(false)
          .singleQuoteStringLiteralsAllowed(true)
          .implicitMultiplicationAllowed(false)
          .arraysAllowed(false)
          .structuresAllowed(false)
          .binaryAllowed(false)
          .build();

  private final Row row = new Row();
  private final Expression expression;
  private final Set<String> columns = new LinkedHashSet<>();

  private RowExpression(String text) {
    // A builder of its own: it is changed, and others parse at the same time.
    this.expression =
        new Expression(text, CONFIGURATION.toBuilder().dataAccessorSupplier(() -> row).build());
  }

  /**
   * Parses an expression.
   *
   * @throws ExpressionException if it is none, or names a function that there is not, or gives one
   *     too few or too many arguments
   */
  public static RowExpression parse(String text) {
    RowExpression parsed = new RowExpression(text);
    try {
      parsed.check(parsed.expression.getAbstractSyntaxTree());
    } catch (ParseException e) {
      throw new ExpressionException(
          e.getMessage() + " (at character " + e.getStartPosition() + ")");
    }
    return parsed;
  }

  private void check(ASTNode node) {
    TokenType type = node.getToken().getType();
    if (type == TokenType.VARIABLE_OR_CONSTANT) {
      String name = node.getToken().getValue();
      if (!expression.getConstants().containsKey(name)) {
        columns.add(name);
      }
    } else if (type == TokenType.FUNCTION
        && node.getToken().getFunctionDefinition() instanceof ScalarFunction function) {
      function.check(node);
      if (function == ScalarFunctions.COLUMN) {
        columns.add(node.getParameters().get(0).getToken().getValue());
      }
    }
    node.getParameters().forEach(this::check);
  }

  /** The columns that the expression names, in its order. */
  public Set<String> columns() {
    return Set.copyOf(columns);
  }

  /**
   * The expression's value for a row: a {@link java.math.BigDecimal}, {@link String}, {@link
   * Boolean} or null.
   *
   * @param values the value of each column of {@link #columns()}, in the Java class that {@link
   *     io.millrace.schemas.contract.ColumnType.Kind} states, or null
   * @throws ExpressionException if the expression has no value for it
   */
  public @Nullable Object evaluate(Function<String, @Nullable Object> values) {
    row.values = values;
    try {
      return Scalars.of(expression.evaluate());
    } catch (BaseException e) {
      throw new ExpressionException(e.getMessage());
    } catch (ArithmeticException e) {
      throw new ExpressionException("the arithmetic fails: " + e.getMessage());
    }
  }

  /** Hands the row's columns to the library. */
  private static final class Row implements DataAccessorIfc {
    private Function<String, @Nullable Object> values = name -> null;

    @Override
    public EvaluationValue getData(String variable) {
      return Scalars.value(Scalars.ofColumn(values.apply(variable)));
    }

    @Override
    public void setData(String variable, EvaluationValue value) {
      throw new UnsupportedOperationException("A row is read only");
    }
  }
}
