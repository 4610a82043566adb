package io.millrace.schemas.format;

import io.millrace.schemas.RejectedRecordException;
import io.millrace.schemas.RejectedRecordException.Reason;
import io.millrace.schemas.contract.ColumnContract;
import io.millrace.schemas.contract.TableContract;
import io.millrace.schemas.expression.ExpressionException;
import io.millrace.schemas.expression.RowExpression;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.checkerframework.checker.nullness.qual.Nullable;

/** A column of a contract with the expression that gives its value. */
final class ComputedColumn {
  private final ColumnContract contract;
  private final RowExpression expression;
  private final Map<String, ColumnContract> inputs = new LinkedHashMap<>();
  private final Map<String, Integer> indexes = new LinkedHashMap<>();

  ComputedColumn(ColumnContract contract, TableContract table) {
    this.contract = contract;
    this.expression = RowExpression.parse(contract.transformLogic());
    for (String name : expression.columns()) {
      inputs.put(name, table.column(name).orElseThrow());
    }
  }

  ColumnContract contract() {
    return contract;
  }

  boolean isKey() {
    return contract.isKey();
  }

  /** The columns that the expression names. */
  List<ColumnContract> inputs() {
    return List.copyOf(inputs.values());
  }

  /** Says where the values that are given to {@link #compute} have each input. */
  void takeInputsFrom(List<ColumnContract> columns) {
    inputs.forEach((name, column) -> indexes.put(name, columns.indexOf(column)));
  }

  boolean hasAll(boolean[] supplied) {
    return indexes.values().stream().allMatch(index -> supplied[index]);
  }

  /**
   * Whether the column can be computed. It is unchanged if no input is there but those of the key,
   * which are always there.
   *
   * @throws RejectedRecordException if some inputs are there and some are not
   */
  boolean isComputable(boolean[] supplied) {
    List<String> missing = new ArrayList<>();
    boolean isOpen = true;
    for (Map.Entry<String, Integer> input : indexes.entrySet()) {
      if (!supplied[input.getValue()]) {
        missing.add(input.getKey());
      } else if (!inputs.get(input.getKey()).isKey()) {
        isOpen = false;
      }
    }
    if (missing.isEmpty() || isOpen) {
      return missing.isEmpty();
    }
    throw rejected(
        "the event leaves "
            + String.join(", ", missing)
            + " open, but not the others; have the source send whole rows (REPLICA IDENTITY FULL)");
  }

  /** The column's value, from the values of the columns that were told it. */
  @Nullable Object compute(@Nullable Object[] values) {
    try {
      return expression.evaluate(name -> values[indexes.get(name)]);
    } catch (ExpressionException e) {
      throw rejected(e.getMessage());
    }
  }

  private RejectedRecordException rejected(String problem) {
    return new RejectedRecordException(
        Reason.BAD_VALUE,
        "column "
            + contract.name()
            + " ("
            + contract.type()
            + "), computed as "
            + contract.transformLogic()
            + ": "
            + problem);
  }
}
