package io.millrace.schemas.contract;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Checks a table whose rows are elements of its parent's arrays. */
final class ParentChecks {
  private final TableContract table;
  private final ParentArray array;
  private final List<String> faults;

  private ParentChecks(TableContract table, ParentArray array, List<String> faults) {
    this.table = table;
    this.array = array;
    this.faults = faults;
  }

  /** Adds what is wrong with the tables that have a parent. */
  static void check(List<TableContract> tables, List<String> faults) {
    for (TableContract table : tables) {
      table.parent().ifPresent(array -> new ParentChecks(table, array, faults).check(tables));
    }
  }

  private void check(List<TableContract> tables) {
    Optional<TableContract> parent =
        tables.stream().filter(other -> other.name().equals(array.table())).findFirst();
    if (parent.isEmpty() || parent.get().parent().isPresent()) {
      fault(
          "its parentTable "
              + array.table()
              + (parent.isEmpty() ? " is no table of the contract" : " has a parent itself"));
      return;
    }
    if (array.arrayColumn().isEmpty()) {
      fault("arrayColumn is missing; it names the parent's column that holds the array");
    }
    String ordinal = array.ordinalColumn();
    if (ordinal != null && table.columns().stream().noneMatch(c -> c.name().equals(ordinal))) {
      fault("its ordinalColumn " + ordinal + " is none of its columns");
    }
    checkKey(parent.get());
  }

  private void checkKey(TableContract parent) {
    Set<String> parentKey =
        parent.columns().stream()
            .filter(column -> column.isKey() && !column.isDerived())
            .map(ColumnContract::physicalName)
            .collect(Collectors.toSet());
    Set<String> taken =
        table.columns().stream()
            .flatMap(column -> ParentArray.parentColumn(column).stream())
            .collect(Collectors.toSet());
    Set<String> takenInKey =
        table.columns().stream()
            .filter(ColumnContract::isKey)
            .flatMap(column -> ParentArray.parentColumn(column).stream())
            .collect(Collectors.toSet());
    if (parent.columns().stream().anyMatch(column -> column.isKey() && column.isDerived())) {
      fault("the key of its parent " + parent.name() + " is derived, which elements cannot take");
    } else if (!taken.equals(parentKey) || !takenInKey.equals(parentKey)) {
      fault(
          "its key must have a column with the custom property parentColumn for each column of its"
              + " parent's key, "
              + parentKey.stream().sorted().toList()
              + ", and no other column may have it");
    } else if (table.keyColumns().size() == parentKey.size()) {
      fault(
          "its key must also tell one element of an array from the others; add a field of the"
              + " element, or the ordinalColumn, to it");
    }
  }

  private void fault(String problem) {
    faults.add("table " + table.name() + ": " + problem);
  }
}
