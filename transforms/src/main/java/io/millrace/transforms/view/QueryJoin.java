package io.millrace.transforms.view;

import io.millrace.schemas.contract.ColumnType;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import net.sf.jsqlparser.expression.Expression;
import net.sf.jsqlparser.expression.operators.conditional.AndExpression;
import net.sf.jsqlparser.expression.operators.relational.EqualsTo;
import net.sf.jsqlparser.expression.operators.relational.ParenthesedExpressionList;
import net.sf.jsqlparser.schema.Column;
import net.sf.jsqlparser.statement.select.Join;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Makes a plan of a join of a query: of the table that was named last with those before it. */
final class QueryJoin {
  private static final Set<ColumnType.Kind> NUMBERS =
      Set.of(
          ColumnType.Kind.SMALLINT,
          ColumnType.Kind.INTEGER,
          ColumnType.Kind.BIGINT,
          ColumnType.Kind.DECIMAL,
          ColumnType.Kind.REAL,
          ColumnType.Kind.DOUBLE);

  private final QueryNames names;
  private final ArrayList<ViewPlan.Slot> left = new ArrayList<>();
  private final ArrayList<ViewPlan.Slot> right = new ArrayList<>();

  private QueryJoin(QueryNames names) {
    this.names = names;
  }

  /**
   * Plans a join.
   *
   * @throws ViewException if it is none that a view can follow
   */
  static ViewPlan.Join plan(Join join, QueryNames names) {
    return new QueryJoin(names).plan(join);
  }

  private ViewPlan.Join plan(Join join) {
    boolean hasCondition = !join.getOnExpressions().isEmpty() || !isEmpty(join.getUsingColumns());
    boolean isOther =
        join.isCross() || join.isNatural() || join.isSimple() || join.isSemi() || join.isApply();
    if (isOther || join.isStraight() || join.isGlobal() || join.isWindowJoin() || !hasCondition) {
      throw new ViewException(
          "the query joins "
              + join
              + "; write JOIN, LEFT JOIN, RIGHT JOIN or FULL JOIN, and ON with what is equal");
    }
    for (Expression condition : join.getOnExpressions()) {
      compare(condition);
    }
    for (Column column :
        isEmpty(join.getUsingColumns()) ? List.<Column>of() : join.getUsingColumns()) {
      compareSame(column);
    }
    ViewPlan.Kind kind =
        join.isFull()
            ? ViewPlan.Kind.FULL
            : join.isLeft()
                ? ViewPlan.Kind.LEFT
                : join.isRight() ? ViewPlan.Kind.RIGHT : ViewPlan.Kind.INNER;
    return new ViewPlan.Join(kind, left, right);
  }

  private static boolean isEmpty(@Nullable Collection<?> list) {
    return list == null || list.isEmpty();
  }

  private void compare(Expression condition) {
    if (condition instanceof AndExpression both) {
      compare(both.getLeftExpression());
      compare(both.getRightExpression());
    } else if (condition instanceof ParenthesedExpressionList<?> list && list.size() == 1) {
      compare(list.get(0));
    } else if (condition instanceof EqualsTo equal
        && equal.getLeftExpression() instanceof Column one
        && equal.getRightExpression() instanceof Column other) {
      QueryNames.Found first = names.find(one);
      QueryNames.Found second = names.find(other);
      int joined = names.count() - 1;
      if ((first.input() == joined) == (second.input() == joined)) {
        throw refused(condition);
      }
      if (first.input() == joined) {
        compare(second, first);
      } else {
        compare(first, second);
      }
    } else {
      throw refused(condition);
    }
  }

  private ViewException refused(Expression condition) {
    return new ViewException(
        "the query joins "
            + names.alias(names.count() - 1)
            + " ON "
            + condition
            + "; views join where a column of it equals a column of a table before it, or several"
            + " do; what else rows must fulfil is for WHERE");
  }

  private void compareSame(Column column) {
    int joined = names.count() - 1;
    QueryNames.Found own = names.find(joined, column.getColumnName());
    QueryNames.Found before = null;
    for (int input = 0; input < joined && before == null; input++) {
      before = names.find(input, column.getColumnName());
    }
    if (own == null || before == null) {
      throw new ViewException(
          "the query joins USING (" + column + "), which not both of the tables have");
    }
    compare(before, own);
  }

  private void compare(QueryNames.Found before, QueryNames.Found joined) {
    ColumnType.Kind one = before.column().type().kind();
    ColumnType.Kind other = joined.column().type().kind();
    if (one != other && !(NUMBERS.contains(one) && NUMBERS.contains(other))) {
      throw new ViewException(
          "the query compares "
              + before.column().name()
              + " ("
              + before.column().type()
              + ") with "
              + joined.column().name()
              + " ("
              + joined.column().type()
              + "), which are never equal");
    }
    left.add(new ViewPlan.Slot(before.input(), names.compare(before)));
    right.add(new ViewPlan.Slot(0, names.compare(joined)));
  }
}
