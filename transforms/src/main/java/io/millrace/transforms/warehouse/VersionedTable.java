package io.millrace.transforms.warehouse;

import java.util.ArrayList;
import java.util.List;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * A table of a version, and what belongs to it, by the names under which both the version's schema
 * and the schema that serves have them.
 *
 * @param historyView null where no history is kept, and so is the function
 */
record VersionedTable(
    String name, String liveView, @Nullable String historyView, @Nullable String asOfFunction) {

  static VersionedTable of(TargetTable target, boolean hasHistory) {
    return new VersionedTable(
        target.name(),
        target.liveView(),
        hasHistory ? target.historyView() : null,
        hasHistory ? target.asOfFunction() : null);
  }

  /** A table whose names a contract does not tell: the usual ones. */
  static VersionedTable named(String name, boolean hasHistory) {
    return new VersionedTable(
        name,
        name + "_live",
        hasHistory ? name + "_history" : null,
        hasHistory ? name + "_as_of" : null);
  }

  /** The names of what is read as a table. */
  List<String> relations() {
    List<String> relations = new ArrayList<>(List.of(name, liveView));
    if (historyView != null) {
      relations.add(historyView);
    }
    return relations;
  }
}
