package io.millrace.schemas.contract;

import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Checks of the custom properties that say how values are written, or what is done with some. */
final class ValueModes {
  private static final String ZONE = "time.zone";

  private static final Map<String, Set<String>> KNOWN =
      Map.of(
          "time.precision.mode",
          Set.of(
              "adaptive",
              "adaptive_time_microseconds",
              "connect",
              "isostring",
              "microseconds",
              "nanoseconds"),
          "binary.handling.mode",
          Set.of("bytes", "base64", "base64-url-safe", "hex", "iso-8859-1"),
          "bit.handling.mode",
          Set.of("number", "text"),
          "zero.date.mode",
          Set.of("null", "reject"),
          TableContract.ABSENT_COLUMNS,
          Set.of("null", "unchanged"),
          TableContract.UNKNOWN_COLUMNS,
          Set.of("capture", "ignore", "reject"),
          TableContract.REQUIRED_COLUMNS,
          Set.of("capture", "quarantine"),
          TableContract.LOG_COMPACTION,
          Set.of("all", "latest"));

  /** What is wrong with a table's modes, or nothing. */
  static List<String> faults(TableContract table) {
    List<String> faults = new ArrayList<>();
    table
        .customProperties()
        .forEach(
            (property, value) -> {
              String choice = fault(property, value);
              if (!choice.isEmpty()) {
                faults.add(
                    "table "
                        + table.name()
                        + ": the custom property "
                        + property
                        + " is '"
                        + value
                        + "'; it is "
                        + choice);
              }
            });
    return faults;
  }

  /** What the property may be, where it is something else. */
  private static String fault(String property, String value) {
    if (property.equals(ZONE)) {
      return isZone(value) ? "" : "a zone such as Asia/Shanghai or +08:00";
    }
    Set<String> known = KNOWN.get(property);
    return known == null || known.contains(value)
        ? ""
        : "one of "
            + String.join(", ", new TreeSet<>(known))
            + (known.contains("null") ? " (null in quotes)" : "");
  }

  static boolean isZone(String value) {
    try {
      ZoneId.of(value);
      return true;
    } catch (DateTimeException e) {
      return false;
    }
  }

  private ValueModes() {}
}
