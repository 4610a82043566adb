package io.millrace.transforms.window;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.beam.sdk.values.Row;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * A result of a window of sales. Its values are the number of elements, their count, sum, least,
 * greatest, mean in millionths, first, last, and how many are distinct.
 *
 * @param start the window's start in milliseconds, null for the global window
 */
record Told(
    String shop,
    @Nullable Long start,
    @Nullable Long end,
    String pane,
    long revision,
    boolean retraction,
    List<Long> values) {
  private static final int MEAN = 5;

  /** The aggregation that gives results like these. */
  static AggregateByWindow.Aggregation<Sale> by(WindowCase windows) {
    Attribute<Sale> cents = Attribute.int64("cents", Sale::cents);
    return AggregateByWindow.<Sale>in(windows.windows())
        .by(Attribute.string("shop", Sale::shop))
        .compute(
            Aggregate.count("sales"),
            Aggregate.sum("sum", cents),
            Aggregate.min("least", cents),
            Aggregate.max("greatest", cents),
            Aggregate.mean("mean", cents),
            Aggregate.first("first", cents),
            Aggregate.last("last", cents),
            Aggregate.distinct("distinct", cents))
        .withLatePolicy(windows.policy())
        // The clock's timers are those of a bucket: with one, all keys have the same.
        .withBuckets(windows.policy().isTimed() ? 1 : 2);
  }

  static Told of(Row row) {
    List<Object> values = row.getValues().subList(6, row.getFieldCount());
    return new Told(
        row.getString("shop"),
        row.getDateTime("window_start") == null
            ? null
            : row.getDateTime("window_start").getMillis(),
        row.getDateTime("window_end") == null ? null : row.getDateTime("window_end").getMillis(),
        row.getString("pane"),
        row.getInt64("revision"),
        row.getBoolean("retraction"),
        values.stream()
            .map(value -> value instanceof Double mean ? Math.round(mean * 1e6) : (Long) value)
            .toList());
  }

  /** What the values of sales are. */
  static List<Long> values(Collection<Sale> sales) {
    long count = sales.size();
    long sum = sales.stream().mapToLong(Sale::cents).sum();
    Comparator<Sale> order = Comparator.comparing(Sale::millis).thenComparing(Sale::cents);
    return List.of(
        count,
        count,
        sum,
        sales.stream().mapToLong(Sale::cents).min().orElseThrow(),
        sales.stream().mapToLong(Sale::cents).max().orElseThrow(),
        Math.round(sum * 1e6 / count),
        sales.stream().min(order).orElseThrow().cents(),
        sales.stream().max(order).orElseThrow().cents(),
        sales.stream().map(Sale::cents).distinct().count());
  }

  /** The sum of two results, of which neither tells all: no means, no firsts and lasts. */
  Told plus(Told other) {
    List<Long> sums =
        List.of(
            values.get(0) + other.values.get(0),
            values.get(1) + other.values.get(1),
            values.get(2) + other.values.get(2),
            Math.min(values.get(3), other.values.get(3)),
            Math.max(values.get(4), other.values.get(4)));
    Long until = end == null ? null : (Long) Math.max(end, other.end);
    return new Told(shop, start, until, pane, revision, retraction, sums);
  }

  /** Those values that can be added up. */
  static List<Long> summable(List<Long> values) {
    return values.subList(0, MEAN);
  }

  /** Shop, window and some values, as a row of an oracle's. */
  static String text(String shop, @Nullable Long start, @Nullable Long end, List<Long> values) {
    return Stream.concat(Stream.of(shop, start, end), values.stream())
        .map(String::valueOf)
        .collect(Collectors.joining("|"));
  }

  @Override
  public String toString() {
    return text(shop, start, end, values)
        + " "
        + Objects.requireNonNull(pane)
        + (retraction ? " -" : " ")
        + revision;
  }
}
