package io.millrace.transforms.quality;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * A run's ledger: what was read of each table, and what became of it.
 *
 * <p>The counts of the merge are exact, whatever failed on the way: per table, {@code read =
 * accepted + superseded + duplicate + late + rejected + control} as soon as nothing is under way.
 * Those of a sink count each batch in its own transaction; a batch that is written once more after
 * a failure counts once more, so a sink has been given what was accepted, or more, never less.
 */
public final class RunLedger {
  private final String run;
  private final @Nullable Instant startedAt;
  private final @Nullable Instant endedAt;
  private final SortedMap<String, ChangeCounts> merge;
  private final SortedMap<String, ChangeCounts> sink;

  /**
   * A ledger.
   *
   * @param startedAt null if nobody noted it
   * @param endedAt when all was written; null if the run goes on, or was stopped
   * @param merge by table, empty for records of none
   * @param sink by table, empty if the run has no sink that counts
   */
  public RunLedger(
      String run,
      @Nullable Instant startedAt,
      @Nullable Instant endedAt,
      SortedMap<String, ChangeCounts> merge,
      SortedMap<String, ChangeCounts> sink) {
    this.run = run;
    this.startedAt = startedAt;
    this.endedAt = endedAt;
    this.merge = Collections.unmodifiableSortedMap(new TreeMap<>(merge));
    this.sink = Collections.unmodifiableSortedMap(new TreeMap<>(sink));
  }

  public String run() {
    return run;
  }

  public @Nullable Instant startedAt() {
    return startedAt;
  }

  public @Nullable Instant endedAt() {
    return endedAt;
  }

  /** By table, what was read and what the merge made of it. */
  public SortedMap<String, ChangeCounts> merge() {
    return merge;
  }

  /**
   * By table, what the sink was given ({@code read}): changes that wrote a row ({@code accepted}),
   * that newer ones make needless, that were refused, and truncates ({@code control}).
   */
  public SortedMap<String, ChangeCounts> sink() {
    return sink;
  }

  /**
   * What does not balance, one line each. While a run goes on these changes are under way; once it
   * has ended they are lost, or counted twice.
   */
  public List<String> imbalances() {
    List<String> lines = new ArrayList<>();
    merge.forEach(
        (table, counts) -> {
          if (counts.missing() != 0) {
            lines.add(
                String.format(
                    Locale.ROOT,
                    "%s: %,d read, %,d accounted for",
                    title(table),
                    counts.read(),
                    counts.accountedFor()));
          }
          if (hasSink() && given(table) < counts.accepted()) {
            lines.add(
                String.format(
                    Locale.ROOT,
                    "%s: %,d accepted, %,d given to the warehouse",
                    title(table),
                    counts.accepted(),
                    given(table)));
          }
        });
    return lines;
  }

  /** Whether everything that was read has come to its end. */
  public boolean isBalanced() {
    return imbalances().isEmpty();
  }

  /** How many changes of a table the sink was given more than once, after failures. */
  public long repeated(String table) {
    return Math.max(0, given(table) - merge.getOrDefault(table, ChangeCounts.NONE).accepted());
  }

  private boolean hasSink() {
    return !sink.isEmpty();
  }

  /** Without truncates, which the merge does not count either. */
  private long given(String table) {
    ChangeCounts counts = sink.getOrDefault(table, ChangeCounts.NONE);
    return counts.read() - counts.control();
  }

  /** A table's name as it is shown. */
  public static String title(String table) {
    return table.isEmpty() ? "(no table)" : table;
  }
}
