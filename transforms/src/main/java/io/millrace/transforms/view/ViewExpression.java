package io.millrace.transforms.view;

import io.millrace.schemas.contract.ColumnType;
import io.millrace.schemas.expression.RowExpression;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * A value of joined rows: a column, or a {@link RowExpression} over columns, in which they are
 * named {@code c0}, {@code c1} and so on.
 */
final class ViewExpression implements Serializable {
  private static final long serialVersionUID = 1L;

  /**
   * A column of an input.
   *
   * @param place among the columns that are kept of the input's table
   */
  record Column(int input, int place, ColumnType type) implements Serializable {}

  private final @Nullable String text;
  private final ArrayList<Column> columns;
  private transient @Nullable RowExpression expression;

  private ViewExpression(@Nullable String text, List<Column> columns) {
    this.text = text;
    this.columns = new ArrayList<>(columns);
  }

  static ViewExpression of(Column column) {
    return new ViewExpression(null, List.of(column));
  }

  static ViewExpression of(String text, List<Column> columns) {
    return new ViewExpression(text, columns);
  }

  /** The type of the value, if it is that of a column; null of one that is computed. */
  @Nullable ColumnType columnType() {
    return text == null ? columns.get(0).type() : null;
  }

  /** The value: of a column what it holds, else a number, text, boolean or null. */
  @Nullable Object evaluate(JoinedValues rows) {
    if (text == null) {
      return rows.value(columns.get(0));
    }
    if (expression == null) {
      expression = RowExpression.parse(text);
    }
    return expression.evaluate(
        name -> rows.value(columns.get(Integer.parseInt(name.substring(1)))));
  }

  @Override
  public String toString() {
    return text == null ? columns.toString() : text + " " + columns;
  }
}
