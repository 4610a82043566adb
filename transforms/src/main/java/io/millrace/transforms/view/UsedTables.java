package io.millrace.transforms.view;

import io.millrace.schemas.contract.Contract;
import io.millrace.schemas.contract.TableContract;
import java.util.ArrayList;
import java.util.List;

/** The tables that queries name, and what they use of each; all queries share the rows. */
final class UsedTables {
  private final Contract contract;
  private final List<Use> uses = new ArrayList<>();

  private record Use(TableContract table, List<Integer> columns, List<Integer> compared) {}

  UsedTables(Contract contract) {
    this.contract = contract;
  }

  Contract contract() {
    return contract;
  }

  /** The place of a table among those that are used, which it is from now on. */
  int place(TableContract table) {
    for (int place = 0; place < uses.size(); place++) {
      if (uses.get(place).table().equals(table)) {
        return place;
      }
    }
    uses.add(new Use(table, new ArrayList<>(), new ArrayList<>()));
    return uses.size() - 1;
  }

  TableContract table(int place) {
    return uses.get(place).table();
  }

  /** The place of a column among those that are kept of a table, which it is from now on. */
  int keep(int table, int column) {
    return place(uses.get(table).columns(), column);
  }

  /** The place of a column among those of a table that joins compare, which it is from now on. */
  int compare(int table, int column) {
    return place(uses.get(table).compared(), keep(table, column));
  }

  private static int place(List<Integer> list, int element) {
    if (!list.contains(element)) {
      list.add(element);
    }
    return list.indexOf(element);
  }

  /** The tables with what is used of them so far. */
  List<ViewTable> tables() {
    return uses.stream()
        .map(use -> new ViewTable(use.table(), use.columns(), use.compared()))
        .toList();
  }
}
