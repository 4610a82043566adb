package io.millrace.schemas.contract;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Checks of which table is made of which. */
final class LayerChecks {
  private final Map<String, TableContract> tables = new LinkedHashMap<>();
  private final List<String> faults;
  private final Set<String> done = new HashSet<>();

  private LayerChecks(List<TableContract> tables, List<String> faults) {
    tables.forEach(table -> this.tables.put(table.name(), table));
    this.faults = faults;
  }

  /** Adds what is wrong with the layers of a contract's tables. */
  static void check(List<TableContract> tables, List<String> faults) {
    LayerChecks checks = new LayerChecks(tables, faults);
    tables.forEach(checks::check);
    tables.forEach(table -> checks.checkCycle(table.name(), new ArrayList<>()));
  }

  private void check(TableContract table) {
    String here = "table " + table.name() + ": ";
    String layer = table.customProperties().get(Layer.PROPERTY);
    if (layer != null && Layer.of(layer).isEmpty()) {
      faults.add(
          here + "the custom property layer is '" + layer + "'; it is one of " + Layer.known());
      return;
    }
    for (String read : table.listedReads()) {
      TableContract other = tables.get(read);
      if (other == null) {
        faults.add(
            here
                + "the custom property reads names "
                + read
                + ", which is no table of the contract; it has "
                + String.join(", ", tables.keySet()));
      } else if (other.layer().compareTo(table.layer()) > 0) {
        faults.add(
            here
                + "it is "
                + table.layer().property()
                + " and reads "
                + read
                + ", which is "
                + other.layer().property()
                + "; a layer is made of itself and those before it: "
                + Layer.known());
      }
    }
  }

  private void checkCycle(String name, List<String> path) {
    int first = path.indexOf(name);
    if (first >= 0) {
      faults.add(
          "tables read each other in a circle: "
              + String.join(" reads ", path.subList(first, path.size()))
              + " reads "
              + name
              + "; take one out of the custom property reads");
    } else if (tables.containsKey(name) && !done.contains(name)) {
      path.add(name);
      tables.get(name).reads().forEach(read -> checkCycle(read, path));
      path.remove(path.size() - 1);
    }
    done.add(name);
  }
}
