package io.millrace.transforms.view;

import io.millrace.schemas.contract.ColumnContract;
import io.millrace.schemas.contract.TableContract;
import java.io.Serializable;
import java.util.ArrayList;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * How a view is computed: tables are joined one after the other to the first, then rows are
 * filtered, and then they are the view's, or are aggregated by group.
 *
 * @param view the contract of the view
 * @param inputs the table, by its place in the {@link UsedTables}, of each name in the query's FROM
 * @param joins of the second input and those after it, to all before
 * @param where what rows must fulfil; null if nothing
 * @param outputs the view's columns, in the order of its contract
 * @param isAggregated whether rows are aggregated, by all outputs that are no aggregates
 */
record ViewPlan(
    TableContract view,
    ArrayList<Integer> inputs,
    ArrayList<Join> joins,
    @Nullable ViewExpression where,
    ArrayList<Output> outputs,
    boolean isAggregated)
    implements Serializable {

  /** Which rows are there that find none to join: those of the left side, the right, or both. */
  enum Kind {
    INNER(false, false),
    LEFT(true, false),
    RIGHT(false, true),
    FULL(true, true);

    private final boolean keepsLeft;
    private final boolean keepsRight;

    Kind(boolean keepsLeft, boolean keepsRight) {
      this.keepsLeft = keepsLeft;
      this.keepsRight = keepsRight;
    }

    boolean keepsLeft() {
      return keepsLeft;
    }

    boolean keepsRight() {
      return keepsRight;
    }
  }

  /**
   * A value that is compared.
   *
   * @param input the place of the row's table in what is joined
   * @param place among the values of it that are compared
   */
  record Slot(int input, int place) implements Serializable {}

  /** A join of an input to all before it, by equality of all that is compared. */
  record Join(Kind kind, ArrayList<Slot> left, ArrayList<Slot> right) implements Serializable {}

  /**
   * A column of the view.
   *
   * @param aggregate what is made of a group's values; null if the column is no aggregate
   * @param value of a row; null if rows are counted
   */
  record Output(
      ColumnContract column, @Nullable ViewAggregate aggregate, @Nullable ViewExpression value)
      implements Serializable {}
}
