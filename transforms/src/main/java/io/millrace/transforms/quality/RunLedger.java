package io.millrace.transforms.quality;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * A run's ledger: what was read of each table, and what became of it.
 *
 * <p>The counts of the merge are exact, whatever failed on the way: per table, {@code read =
 * accepted + superseded + duplicate + late + rejected + control} as soon as nothing is under way.
 * So are those of a lake, which is given every change. A warehouse counts each batch in the batch's
 * own transaction; a batch that is written once more after a failure counts once more, so it has
 * been given what was accepted, or more, never less.
 *
 * <p>A run that computes tables of events counts the events, by type, as exactly: those that were
 * in time for a table are accepted. What its warehouse is given are the rows of those tables.
 */
public final class RunLedger {
  /** Who counts. */
  public enum Stage {
    /** What was read, and what the merge made of it; a run without a merge accepts all changes. */
    MERGE,
    /** The batches that were written to a warehouse. */
    WAREHOUSE,
    /** The changes that were written to a lake, beside a warehouse. */
    LAKE,
    /** What was read of events, and what became of it on the way to what is computed of them. */
    EVENTS
  }

  private final String run;
  private final @Nullable Instant startedAt;
  private final @Nullable Instant endedAt;
  private final Map<Stage, SortedMap<String, ChangeCounts>> stages = new EnumMap<>(Stage.class);

  /**
   * A ledger without counts.
   *
   * @param startedAt null if nobody noted it
   * @param endedAt when all was written; null if the run goes on, or was stopped
   */
  public RunLedger(String run, @Nullable Instant startedAt, @Nullable Instant endedAt) {
    this.run = run;
    this.startedAt = startedAt;
    this.endedAt = endedAt;
    for (Stage stage : Stage.values()) {
      stages.put(stage, new TreeMap<>());
    }
  }

  /** Takes in what a stage counted of a table (empty for records of none). */
  public RunLedger with(Stage stage, String table, ChangeCounts counts) {
    stages.get(stage).merge(table, counts, ChangeCounts::plus);
    return this;
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

  /** By table, what was read and what became of it. */
  public SortedMap<String, ChangeCounts> merge() {
    return counts(Stage.MERGE);
  }

  /**
   * By table, what the warehouse was given ({@code read}): changes that wrote a row ({@code
   * accepted}), that newer ones make needless, that were refused, and truncates ({@code control}).
   */
  public SortedMap<String, ChangeCounts> warehouse() {
    return counts(Stage.WAREHOUSE);
  }

  /**
   * By table, what the lake was given, without truncates: changes that it took in ({@code
   * accepted}), and those that it had from an earlier run ({@code duplicate}).
   */
  public SortedMap<String, ChangeCounts> lake() {
    return counts(Stage.LAKE);
  }

  /**
   * By type of event, what was read and what became of it: those that were in time ({@code
   * accepted}), came again, came too late for every table, were rejected, or are of no table that
   * is computed ({@code control}).
   */
  public SortedMap<String, ChangeCounts> events() {
    return counts(Stage.EVENTS);
  }

  private SortedMap<String, ChangeCounts> counts(Stage stage) {
    return Collections.unmodifiableSortedMap(stages.get(stage));
  }

  /**
   * What does not balance, one line each. While a run goes on these changes are under way; once it
   * has ended they are lost, or counted twice.
   */
  public List<String> imbalances() {
    List<String> lines = new ArrayList<>();
    merge()
        .forEach(
            (table, counts) -> {
              addMissing(lines, table, counts);
              if (!warehouse().isEmpty() && given(table) < counts.accepted()) {
                add(
                    lines,
                    table,
                    counts.accepted(),
                    "accepted",
                    given(table),
                    "given to the warehouse");
              }
              long changes = counts.read() - counts.rejected() - counts.control();
              long kept = lake().getOrDefault(table, ChangeCounts.NONE).accountedFor();
              if (!lake().isEmpty() && kept != changes) {
                add(lines, table, changes, "changes", kept, "in the lake");
              }
            });
    events().forEach((type, counts) -> addMissing(lines, type, counts));
    return lines;
  }

  private static void addMissing(List<String> lines, String table, ChangeCounts counts) {
    if (counts.missing() != 0) {
      add(lines, table, counts.read(), "read", counts.accountedFor(), "accounted for");
    }
  }

  private static void add(
      List<String> lines, String table, long first, String what, long second, String became) {
    lines.add(
        String.format(
            Locale.ROOT, "%s: %,d %s, %,d %s", title(table), first, what, second, became));
  }

  /** Whether nothing that was read is counted yet. */
  public boolean isEmpty() {
    return merge().isEmpty() && events().isEmpty();
  }

  /** Whether everything that was read has come to its end. */
  public boolean isBalanced() {
    return imbalances().isEmpty();
  }

  /** How many changes of a table the warehouse was given more than once, after failures. */
  public long repeated(String table) {
    return Math.max(0, given(table) - merge().getOrDefault(table, ChangeCounts.NONE).accepted());
  }

  /** Without truncates, which the merge does not count either. */
  private long given(String table) {
    ChangeCounts counts = warehouse().getOrDefault(table, ChangeCounts.NONE);
    return counts.read() - counts.control();
  }

  /** A table's name as it is shown. */
  public static String title(String table) {
    return table.isEmpty() ? "(no table)" : table;
  }
}
