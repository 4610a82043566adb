package io.millrace.transforms.view;

import io.millrace.schemas.expression.ExpressionException;
import io.millrace.schemas.expression.RowExpression;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import net.sf.jsqlparser.expression.BinaryExpression;
import net.sf.jsqlparser.expression.BooleanValue;
import net.sf.jsqlparser.expression.CaseExpression;
import net.sf.jsqlparser.expression.DoubleValue;
import net.sf.jsqlparser.expression.Expression;
import net.sf.jsqlparser.expression.Function;
import net.sf.jsqlparser.expression.LongValue;
import net.sf.jsqlparser.expression.NotExpression;
import net.sf.jsqlparser.expression.NullValue;
import net.sf.jsqlparser.expression.SignedExpression;
import net.sf.jsqlparser.expression.StringValue;
import net.sf.jsqlparser.expression.WhenClause;
import net.sf.jsqlparser.expression.operators.arithmetic.Addition;
import net.sf.jsqlparser.expression.operators.arithmetic.Concat;
import net.sf.jsqlparser.expression.operators.arithmetic.Multiplication;
import net.sf.jsqlparser.expression.operators.arithmetic.Subtraction;
import net.sf.jsqlparser.expression.operators.conditional.AndExpression;
import net.sf.jsqlparser.expression.operators.conditional.OrExpression;
import net.sf.jsqlparser.expression.operators.relational.Between;
import net.sf.jsqlparser.expression.operators.relational.ExpressionList;
import net.sf.jsqlparser.expression.operators.relational.InExpression;
import net.sf.jsqlparser.expression.operators.relational.IsNullExpression;
import net.sf.jsqlparser.expression.operators.relational.ParenthesedExpressionList;
import net.sf.jsqlparser.schema.Column;

/**
 * Makes {@link RowExpression}s of those expressions of SQL that mean the same there. What would not
 * (a division of whole numbers, say) is refused.
 */
final class QueryExpressions {
  private static final Set<String> COMPARISONS = Set.of("=", "<>", "!=", "<", "<=", ">", ">=");
  private static final Set<String> FUNCTIONS =
      Set.of(
          "abs", "coalesce", "concat", "floor", "length", "lower", "round", "substring", "upper");

  private final QueryNames names;
  private final List<ViewExpression.Column> columns = new ArrayList<>();

  private QueryExpressions(QueryNames names) {
    this.names = names;
  }

  /**
   * The value that SQL means by this.
   *
   * @throws ViewException if it is none that views can have
   */
  static ViewExpression translate(Expression sql, QueryNames names) {
    if (sql instanceof Column column && !isBoolean(column)) {
      return ViewExpression.of(names.use(names.find(column)));
    }
    QueryExpressions expressions = new QueryExpressions(names);
    String text = expressions.text(sql);
    try {
      RowExpression.parse(text);
    } catch (ExpressionException e) {
      throw new ViewException("the query's " + sql + " is no value: " + e.getMessage(), e);
    }
    return ViewExpression.of(text, expressions.columns);
  }

  private String text(Expression sql) {
    if (sql instanceof Column column) {
      return isBoolean(column)
          ? column.getColumnName().toUpperCase(Locale.ROOT)
          : column(names.use(names.find(column)));
    } else if (sql instanceof LongValue || sql instanceof DoubleValue) {
      return sql.toString();
    } else if (sql instanceof BooleanValue || sql instanceof NullValue) {
      return sql.toString().toUpperCase(Locale.ROOT);
    } else if (sql instanceof StringValue text) {
      return literal(text);
    } else if (sql instanceof ParenthesedExpressionList<?> list && list.size() == 1) {
      return "(" + text(list.get(0)) + ")";
    } else if (sql instanceof SignedExpression signed && signed.getSign() == '-') {
      return "(-" + text(signed.getExpression()) + ")";
    } else if (sql instanceof NotExpression not) {
      return "(!(" + text(not.getExpression()) + "))";
    } else if (sql instanceof IsNullExpression test) {
      String isNull = "is_null(" + text(test.getLeftExpression()) + ")";
      return test.isNot() ? "(!" + isNull + ")" : isNull;
    } else if (sql instanceof Between between) {
      String value = text(between.getLeftExpression());
      String inside =
          "(%s >= %s && %s <= %s)"
              .formatted(
                  value,
                  text(between.getBetweenExpressionStart()),
                  value,
                  text(between.getBetweenExpressionEnd()));
      return between.isNot() ? "(!" + inside + ")" : inside;
    } else if (sql instanceof InExpression in
        && in.getRightExpression() instanceof ExpressionList<?> list) {
      return in(in, list);
    } else if (sql instanceof CaseExpression choice && choice.getSwitchExpression() == null) {
      return choice(choice);
    } else if (sql instanceof Function function) {
      return function(function);
    } else if (sql instanceof BinaryExpression binary) {
      return binary(binary);
    }
    throw unknown(sql);
  }

  private String column(ViewExpression.Column column) {
    if (!columns.contains(column)) {
      columns.add(column);
    }
    return "c" + columns.indexOf(column);
  }

  /** The parser takes these two for columns. */
  private static boolean isBoolean(Column column) {
    String name = column.getFullyQualifiedName();
    return name.equalsIgnoreCase("true") || name.equalsIgnoreCase("false");
  }

  private static String literal(StringValue text) {
    if (text.getPrefix() != null) {
      throw unknown(text);
    }
    String value = text.getValue().replace("''", "'");
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'";
  }

  private String in(InExpression in, ExpressionList<?> list) {
    String value = text(in.getLeftExpression());
    String any =
        list.stream()
            .map(each -> value + " = " + text(each))
            .collect(Collectors.joining(" || ", "(", ")"));
    return in.isNot() ? "(!" + any + ")" : any;
  }

  private String choice(CaseExpression choice) {
    StringBuilder text = new StringBuilder();
    for (WhenClause when : choice.getWhenClauses()) {
      text.append("if(")
          .append(text(when.getWhenExpression()))
          .append(", ")
          .append(text(when.getThenExpression()))
          .append(", ");
    }
    Expression otherwise = choice.getElseExpression();
    return text.append(otherwise == null ? "NULL" : text(otherwise))
        .append(")".repeat(choice.getWhenClauses().size()))
        .toString();
  }

  private String function(Function function) {
    String name = function.getName().toLowerCase(Locale.ROOT);
    if (ViewAggregate.of(name).isPresent()) {
      throw new ViewException(
          "the query has "
              + function
              + " in an expression or in WHERE; aggregates are columns of the view by themselves, and"
              + " those who read it compute with them");
    }
    if (!FUNCTIONS.contains(name) || function.isDistinct() || function.getParameters() == null) {
      throw unknown(function);
    }
    return function.getParameters().stream()
        .map(this::text)
        .collect(Collectors.joining(", ", name + "(", ")"));
  }

  private String binary(BinaryExpression binary) {
    String left = text(binary.getLeftExpression());
    String right = text(binary.getRightExpression());
    if (binary instanceof Concat) {
      return "if(is_null(%s) || is_null(%s), NULL, concat(%s, %s))"
          .formatted(left, right, left, right);
    }
    String operator = null;
    if (binary instanceof AndExpression) {
      operator = "&&";
    } else if (binary instanceof OrExpression) {
      operator = "||";
    } else if (binary instanceof Addition
        || binary instanceof Subtraction
        || binary instanceof Multiplication
        || COMPARISONS.contains(binary.getStringExpression())) {
      operator = binary.getStringExpression();
    }
    if (operator == null) {
      throw unknown(binary);
    }
    return "(" + left + " " + operator + " " + right + ")";
  }

  private static ViewException unknown(Expression sql) {
    return new ViewException(
        "the query has "
            + sql
            + ", which views cannot compute; they know columns, numbers, texts, + - *, ||,"
            + " comparisons, AND, OR, NOT, BETWEEN, IN with a list, IS NULL, CASE WHEN, and the"
            + " functions "
            + FUNCTIONS.stream().sorted().collect(Collectors.joining(", ")));
  }
}
