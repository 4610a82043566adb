package io.millrace.schemas.contract;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Checks of a contract's tables as a whole, when each has been read. */
final class ContractChecks {
  private final List<String> faults = new ArrayList<>();

  /** What is wrong with the tables, or nothing. */
  static List<String> faults(List<TableContract> tables) {
    ContractChecks checks = new ContractChecks();
    checks.checkCase(tables);
    return checks.faults;
  }

  private void checkCase(List<TableContract> tables) {
    for (TableContract table : tables) {
      String anyCase =
          table.customProperties().getOrDefault(TableContract.CASE_INSENSITIVE, "false");
      if (!anyCase.equals("true") && !anyCase.equals("false")) {
        faults.add(
            "table "
                + table.name()
                + ": the custom property "
                + TableContract.CASE_INSENSITIVE
                + " is '"
                + anyCase
                + "'; it is true or false");
      }
      if (table.isCaseInsensitive()) {
        checkCase(
            "columns of table " + table.name(), table.columns(), ColumnContract::physicalName);
      }
    }
    if (tables.stream().anyMatch(TableContract::isCaseInsensitive)) {
      checkCase("tables", tables, TableContract::physicalName);
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
