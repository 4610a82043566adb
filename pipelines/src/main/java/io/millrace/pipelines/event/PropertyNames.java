package io.millrace.pipelines.event;

import io.millrace.pipelines.launch.NearestName;
import io.millrace.pipelines.launch.Session;
import io.millrace.schemas.contract.Contract;
import io.millrace.schemas.contract.TableContract;
import java.util.Set;
import java.util.TreeSet;

/**
 * The names of the custom properties of computed tables. A contract may have others, for other
 * tools; but one that is called nearly like one of these was meant to be it.
 */
final class PropertyNames {
  private static final Set<String> KNOWN =
      Set.of(
          "kind",
          "from",
          "windows",
          "allowedLateness",
          "earlyFirings",
          "earlyFiringsAfter",
          "lateFirings",
          "horizon",
          "emission");

  /** Warns of names that are misspelt, most likely. */
  static void check(Contract contract, Session session) {
    for (TableContract table : contract.tables()) {
      if (table.derived().isPresent()) {
        Set<String> unknown = new TreeSet<>(table.customProperties().keySet());
        unknown.removeAll(KNOWN);
        for (String name : unknown) {
          NearestName.of(name, KNOWN)
              .ifPresent(
                  near ->
                      session.warn(
                          "table "
                              + table.name()
                              + ": the custom property "
                              + name
                              + " is unknown; did you mean "
                              + near
                              + "?"));
        }
      }
    }
  }

  private PropertyNames() {}
}
