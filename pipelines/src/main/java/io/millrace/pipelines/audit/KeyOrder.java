package io.millrace.pipelines.audit;

import java.math.BigDecimal;
import java.time.LocalDateTime;
import java.util.Comparator;
import java.util.List;

/** The order in which databases have the keys of a table, by their texts. */
final class KeyOrder implements Comparator<RowKey> {
  private static final Comparator<String> DECIMAL =
      Comparator.comparingInt(KeyOrder::rank).thenComparing(KeyOrder::finite);
  private static final Comparator<String> TIME =
      Comparator.comparingInt(KeyOrder::rank).thenComparing(KeyOrder::time);

  private final List<Comparator<String>> columns;

  KeyOrder(List<KeyColumn> key) {
    columns =
        key.stream()
            .map(
                column ->
                    switch (column.sortType()) {
                      case "bigint", "numeric", "real", "double precision" -> DECIMAL;
                      case "date", "timestamp", "timestamptz" -> TIME;
                      default -> (Comparator<String>) KeyOrder::compareCodePoints;
                    })
            .toList();
  }

  /** The infinities are at the ends, and what is not a number is behind them. */
  private static int rank(String text) {
    return switch (text) {
      case "-Infinity", "-infinity" -> -1;
      case "Infinity", "infinity" -> 1;
      case "NaN" -> 2;
      default -> 0;
    };
  }

  private static BigDecimal finite(String text) {
    return rank(text) == 0 ? new BigDecimal(text) : BigDecimal.ZERO;
  }

  private static LocalDateTime time(String text) {
    return CanonicalTime.parse(text).orElse(LocalDateTime.MIN);
  }

  /** As the bytes of UTF-8 are sorted. */
  private static int compareCodePoints(String first, String second) {
    int length = Math.min(first.length(), second.length());
    for (int i = 0; i < length; i++) {
      if (first.charAt(i) != second.charAt(i)) {
        boolean bothSurrogates =
            Character.isSurrogate(first.charAt(i)) == Character.isSurrogate(second.charAt(i));
        return bothSurrogates
            ? Character.compare(first.charAt(i), second.charAt(i))
            : Character.isSurrogate(first.charAt(i)) ? 1 : -1;
      }
    }
    return Integer.compare(first.length(), second.length());
  }

  @Override
  public int compare(RowKey first, RowKey second) {
    for (int i = 0; i < columns.size(); i++) {
      int order = columns.get(i).compare(first.values().get(i), second.values().get(i));
      if (order != 0) {
        return order;
      }
    }
    return 0;
  }
}
