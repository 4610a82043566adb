package io.millrace.transforms.quality;

import java.io.Serializable;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Metrics;

/**
 * A count that Beam's metrics show, and that a launcher in the same JVM can read while the pipeline
 * runs, which Beam's runners do not offer alike. Increment it once a block or a batch, never once
 * an event. It informs and proves nothing: a retried bundle counts again.
 */
public final class RunCounter implements Serializable {
  private static final long serialVersionUID = 1L;

  /** The namespace of Millrace's metrics. */
  public static final String NAMESPACE = "millrace";

  private static final Map<String, LongAdder> TOTALS = new ConcurrentHashMap<>();

  private final String name;
  private final Counter counter;

  private RunCounter(String name) {
    this.name = name;
    this.counter = Metrics.counter(NAMESPACE, name);
  }

  /** The counter of this name, {@code lower_case_with_underscores}. */
  public static RunCounter named(String name) {
    return new RunCounter(name);
  }

  public void add(long count) {
    if (count != 0) {
      counter.inc(count);
      TOTALS.computeIfAbsent(name, key -> new LongAdder()).add(count);
    }
  }

  /** What was counted in this JVM, by name. */
  public static SortedMap<String, Long> totals() {
    SortedMap<String, Long> totals = new TreeMap<>();
    TOTALS.forEach((name, total) -> totals.put(name, total.sum()));
    return totals;
  }
}
