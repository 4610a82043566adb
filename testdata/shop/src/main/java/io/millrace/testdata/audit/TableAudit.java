package io.millrace.testdata.audit;

import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * The outcome of comparing one table.
 *
 * @param table its name
 * @param expected how many rows there should be
 * @param found how many there are
 * @param different how many keys are missing, unexpected, or have another value in some column
 * @param unexpected how many of them should not be there
 * @param differences the first of them, a line each
 */
public record TableAudit(
    String table,
    long expected,
    long found,
    long different,
    long unexpected,
    List<String> differences) {
  private static final int SHOWN = 10;
  private static final int LONGEST_VALUE = 60;

  public boolean isEqual() {
    return different == 0;
  }

  /** Reads both sides to their ends, side by side. */
  public static TableAudit compare(
      String table, List<String> columns, RowSource expected, RowSource found)
      throws IOException, SQLException {
    Comparison comparison = new Comparison(columns);
    TextRow left = expected.next();
    TextRow right = found.next();
    while (left != null || right != null) {
      int order = left == null ? 1 : right == null ? -1 : left.compareTo(right);
      if (order < 0) {
        comparison.add(left.key() + " is missing");
      } else if (order > 0) {
        comparison.unexpected++;
        comparison.add(right.key() + " should not be there");
      } else {
        comparison.values(left, right);
      }
      if (order <= 0) {
        comparison.expected++;
        left = expected.next();
      }
      if (order >= 0) {
        comparison.found++;
        right = found.next();
      }
    }
    return new TableAudit(
        table,
        comparison.expected,
        comparison.found,
        comparison.different,
        comparison.unexpected,
        List.copyOf(comparison.differences));
  }

  /** What was found so far. */
  private static final class Comparison {
    private final List<String> columns;
    private final List<String> differences = new ArrayList<>();
    private long expected;
    private long found;
    private long different;
    private long unexpected;

    Comparison(List<String> columns) {
      this.columns = columns;
    }

    void add(String difference) {
      different++;
      if (differences.size() < SHOWN) {
        differences.add(difference);
      }
    }

    void values(TextRow left, TextRow right) {
      if (left.values().equals(right.values())) {
        return;
      }
      List<String> parts = new ArrayList<>();
      for (int i = 0; i < columns.size(); i++) {
        String expectedValue = left.values().get(i);
        String foundValue = right.values().get(i);
        if (!Objects.equals(expectedValue, foundValue)) {
          parts.add(
              columns.get(i)
                  + " should be "
                  + shown(expectedValue)
                  + " and is "
                  + shown(foundValue));
        }
      }
      add(left.key() + ": " + String.join("; ", parts));
    }

    private static String shown(String value) {
      if (value == null) {
        return "null";
      }
      return value.length() <= LONGEST_VALUE
          ? "'" + value + "'"
          : "'" + value.substring(0, LONGEST_VALUE) + "…' (" + value.length() + " characters)";
    }
  }
}
