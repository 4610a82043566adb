package io.millrace.schemas.contract;

import io.millrace.schemas.expression.ExpressionException;
import io.millrace.schemas.expression.RowExpression;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Checks of a contract's tables as a whole, when each has been read. */
final class ContractChecks {
  private final List<String> faults = new ArrayList<>();

  /** What is wrong with the tables, or nothing. */
  static List<String> faults(List<TableContract> tables) {
    ContractChecks checks = new ContractChecks();
    checks.checkCase(tables);
    tables.forEach(checks::checkDerived);
    ParentChecks.check(tables, checks.faults);
    tables.forEach(table -> EventChecks.check(table, checks.faults));
    DerivedContract.check(tables, checks.faults);
    LayerChecks.check(tables, checks.faults);
    tables.forEach(table -> checks.faults.addAll(ValueModes.faults(table)));
    return checks.faults;
  }

  private void checkCase(List<TableContract> tables) {
    for (TableContract table : tables) {
      checkFlag(table, TableContract.CASE_INSENSITIVE);
      checkFlag(table, TableContract.IGNORE_NULL_UPDATES);
      if (table.isCaseInsensitive()) {
        checkCase(
            "columns of table " + table.name(), table.columns(), ColumnContract::physicalName);
      }
    }
    if (tables.stream().anyMatch(TableContract::isCaseInsensitive)) {
      checkCase("tables", tables, TableContract::physicalName);
    }
  }

  private void checkFlag(TableContract table, String property) {
    String value = table.customProperties().getOrDefault(property, "false");
    if (!value.equalsIgnoreCase("true") && !value.equalsIgnoreCase("false")) {
      faults.add(
          "table "
              + table.name()
              + ": the custom property "
              + property
              + " is '"
              + value
              + "'; it is true or false");
    }
  }

  private void checkDerived(TableContract table) {
    for (ColumnContract column : table.columns()) {
      String here = "table " + table.name() + ", column " + column.name();
      Metadata metadata = column.metadata();
      if (metadata != null && column.transformLogic() != null) {
        faults.add(here + " has both transformLogic and metadata; take one out");
      } else if (column.transformLogic() != null) {
        checkExpression(table, column.transformLogic(), here);
      }
      if (metadata != null && !metadata.kinds().contains(column.type().kind())) {
        faults.add(
            here
                + ": metadata "
                + metadata.property()
                + " does not fit the type "
                + column.type()
                + "; choose a type of "
                + metadata.kinds());
      }
      if (metadata != null && column.isKey() && !metadata.isOfTheRow()) {
        faults.add(
            here
                + ": metadata "
                + metadata.property()
                + " is another for each change of a row, so it cannot be part of the key");
      }
    }
  }

  private void checkExpression(TableContract table, String expression, String here) {
    String what = here + ": transformLogic '" + expression + "' ";
    try {
      for (String name : RowExpression.parse(expression).columns()) {
        Optional<ColumnContract> input = table.column(name);
        if (input.isEmpty()) {
          faults.add(what + "names " + name + ", which is no column of the table (physicalName)");
        } else if (input.get().isDerived()) {
          faults.add(what + "names " + name + ", which is no column of the source");
        } else if (input.get().type().kind() == ColumnType.Kind.ARRAY) {
          faults.add(what + "names " + name + ", an array, which expressions do not know");
        }
      }
    } catch (ExpressionException e) {
      faults.add(
          what
              + "is no expression that Millrace knows: "
              + e.getMessage()
              + "; mend it, or take it out");
    }
  }

  private <T> void checkCase(String what, List<T> things, Function<T, String> physicalName) {
    Map<String, String> folded = new HashMap<>();
    for (T thing : things) {
      String name = physicalName.apply(thing);
      String other = folded.put(AnyCase.fold(name), name);
      if (other != null) {
        faults.add(
            "the "
                + what
                + " "
                + other
                + " and "
                + name
                + " differ only by case; take one out, or take out the custom property "
                + TableContract.CASE_INSENSITIVE);
      }
    }
  }
}
