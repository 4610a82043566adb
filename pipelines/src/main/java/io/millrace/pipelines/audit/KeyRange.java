package io.millrace.pipelines.audit;

import java.util.ArrayList;
import java.util.List;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Keys between two others.
 *
 * @param from the first of them; null if there is no lower bound
 * @param to the first behind them; null if there is no upper bound
 */
record KeyRange(@Nullable RowKey from, @Nullable RowKey to) {
  static final KeyRange ALL = new KeyRange(null, null);

  /** The ranges into which bounds, in order, divide this one. */
  List<KeyRange> divided(List<RowKey> bounds) {
    List<KeyRange> ranges = new ArrayList<>();
    RowKey last = from;
    for (RowKey bound : bounds) {
      ranges.add(new KeyRange(last, bound));
      last = bound;
    }
    ranges.add(new KeyRange(last, to));
    return ranges;
  }
}
