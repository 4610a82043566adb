package io.millrace.transforms.laws;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.checkerframework.checker.nullness.qual.Nullable;

/** The versions of rows that a log makes, its changes taken in the source's order. */
final class ReferenceHistory {
  private final List<Map<String, Object>> versions = new ArrayList<>();
  private final Map<String, Object> values = new HashMap<>();
  private @Nullable Map<String, Object> open;
  private String earliest = "";

  /** The versions by key, of the rows that have any. */
  static Map<List<String>, List<Map<String, Object>>> of(
      Map<String, List<String>> columns, Collection<Change> log, boolean hardDeletes) {
    Map<List<String>, ReferenceHistory> rows = new HashMap<>();
    for (Change change : log.stream().sorted(Comparator.comparing(Change::order)).toList()) {
      if (change.key().size() > 1) {
        rows.computeIfAbsent(change.key(), k -> new ReferenceHistory(columns.get(k.get(0))));
      }
      rows.forEach((key, row) -> row.take(change, key, hardDeletes));
    }
    rows.values().removeIf(row -> row.versions.isEmpty());
    Map<List<String>, List<Map<String, Object>>> found = new HashMap<>();
    rows.forEach((key, row) -> found.put(key, row.versions));
    return found;
  }

  private ReferenceHistory(List<String> columns) {
    columns.forEach(column -> values.put(column, null));
    values.remove("_extra");
  }

  private void take(Change change, List<String> key, boolean hardDeletes) {
    if (!change.key().equals(key.subList(0, change.key().size()))) {
      return;
    }
    Map<String, Object> before = new HashMap<>(values);
    change.values().forEach((column, value) -> values.replace(column, value));
    boolean isUpsert = change.operation().isUpsert();
    if (isUpsert && open != null && before.equals(values)) {
      return;
    }
    String time = change.committedAt() == null ? "" : change.committedAt();
    earliest = time.compareTo(earliest) > 0 ? time : earliest;
    String from = earliest.isEmpty() ? "-infinity" : earliest;
    if (open != null) {
      open.put("_valid_to", from);
    }
    open = null;
    if (isUpsert) {
      open = new HashMap<>(values);
      open.put("_valid_from", from);
      open.put("_valid_to", null);
      open.put("_position", "\\x" + change.position().toHex());
      open.put("_committed_at", change.committedAt());
      versions.add(open);
    } else if (hardDeletes) {
      values.replaceAll((column, value) -> null);
    }
  }
}
