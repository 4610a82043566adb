package io.millrace.transforms.oracle;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What two long lists do not have in common. */
public final class Differences {
  private static final int SHOWN = 10;

  /** The first rows that one list has more often than the other; empty if there are none. */
  public static List<String> between(List<String> expected, List<String> actual) {
    Map<String, Integer> surplus = new HashMap<>();
    actual.forEach(row -> surplus.merge(row, 1, Integer::sum));
    expected.forEach(row -> surplus.merge(row, -1, Integer::sum));
    List<String> differences = new ArrayList<>();
    surplus.forEach(
        (row, count) -> {
          if (count != 0) {
            differences.add((count > 0 ? "unexpected " : "missing ") + row);
          }
        });
    differences.sort(null);
    return differences.subList(0, Math.min(SHOWN, differences.size()));
  }

  private Differences() {}
}
