package io.millrace.transforms.laws;

import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What a log makes of its tables: its changes, one after the other in the source's order. */
final class Reference {
  private final Map<String, Object> row = new HashMap<>(Map.of("_deleted", "f"));
  private final Map<String, String> suppliers = new HashMap<>();
  private String newestUpsert = "";

  /** The rows by key, each with all columns outside the key that the laws speak of. */
  static Map<List<String>, Map<String, Object>> rows(
      Map<String, List<String>> columns, Collection<Change> log, boolean hardDeletes) {
    Map<List<String>, Reference> rows = new HashMap<>();
    Map<List<String>, String> graves = new HashMap<>();
    for (Change change : log.stream().sorted(Comparator.comparing(Change::order)).toList()) {
      List<String> key = change.key();
      if (hardDeletes && !change.operation().isUpsert()) {
        rows.keySet().removeIf(row -> row.subList(0, key.size()).equals(key));
        graves.put(key, change.position().toHex());
      } else if (key.size() == 1) {
        rows.forEach(
            (of, row) ->
                row.row.compute("_deleted", (c, was) -> of.get(0).equals(key.get(0)) ? "t" : was));
      } else {
        String own = graves.getOrDefault(key, "");
        String all = graves.getOrDefault(key.subList(0, 1), "");
        String floor = own.compareTo(all) > 0 ? own : all;
        rows.computeIfAbsent(key, added -> new Reference(columns.get(key.get(0)), floor))
            .take(change);
      }
    }
    Map<List<String>, Map<String, Object>> found = new HashMap<>();
    rows.forEach((key, row) -> found.put(key, row.row));
    return found;
  }

  private Reference(List<String> columns, String floor) {
    columns.forEach(column -> row.put(column, null));
    columns.forEach(column -> suppliers.put(column, floor));
  }

  private void take(Change change) {
    String position = change.position().toHex();
    newestUpsert = change.operation().isUpsert() ? position : newestUpsert;
    row.putAll(change.values());
    change.values().forEach((column, value) -> suppliers.put(column, position));
    Map<String, String> filled = new HashMap<>(suppliers);
    filled.values().removeIf(newestUpsert::equals);
    filled.computeIfAbsent("*", all -> change.operation().isUpsert() ? null : newestUpsert);
    row.put("_filled", filled.isEmpty() ? null : filled);
    row.put("_position", "\\x" + position);
    row.put("_committed_at", change.committedAt());
    row.put("_deleted", change.operation().isUpsert() ? "f" : "t");
  }
}
