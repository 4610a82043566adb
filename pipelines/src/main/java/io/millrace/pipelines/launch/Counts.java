package io.millrace.pipelines.launch;

import io.millrace.transforms.quality.RunCounter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** What this JVM counted since a run began. */
final class Counts {
  /** The counters in the order of a record's way, with what they are called. */
  private static final Map<String, String> TITLES = new LinkedHashMap<>();

  static {
    TITLES.put("records_read", "records read");
    TITLES.put("control_records", "control records");
    TITLES.put("records_of_other_tables", "of other tables");
    TITLES.put("changes", "changes");
    TITLES.put("changes_accepted", "accepted");
    TITLES.put("changes_superseded", "superseded");
    TITLES.put("changes_duplicate", "duplicates");
    TITLES.put("lake_rows_written", "lake rows written");
    TITLES.put("lake_changes_known", "in the lake already");
    TITLES.put("lake_files_written", "lake files written");
    TITLES.put("landing_records_written", "records landed");
    TITLES.put("landing_files_written", "landing files written");
    TITLES.put("landing_blocks_known", "blocks landed already");
    TITLES.put("unknown_columns", "unknown columns");
    TITLES.put("rows_upserted", "rows upserted");
    TITLES.put("rows_deleted", "rows deleted");
    TITLES.put("rows_superseded", "rows superseded");
    TITLES.put("batches", "batches written");
    TITLES.put("records_rejected", "records rejected");
    TITLES.put("rows_refused", "rows refused");
    TITLES.put("dead_letters_written", "dead letters");
  }

  private final SortedMap<String, Long> totals;

  private Counts(SortedMap<String, Long> totals) {
    this.totals = totals;
  }

  static Counts now() {
    return new Counts(new TreeMap<>(RunCounter.totals()));
  }

  /** What was counted since an earlier moment. */
  Counts since(Counts earlier) {
    SortedMap<String, Long> difference = new TreeMap<>();
    totals.forEach((name, total) -> difference.put(name, total - earlier.of(name)));
    return new Counts(difference);
  }

  long of(String name) {
    return totals.getOrDefault(name, 0L);
  }

  /** The counter of what comes in: of records where they are only landed, else of changes. */
  String incoming() {
    return of("landing_files_written") > 0 ? "records_read" : "changes";
  }

  /** What such a counter counts. */
  static String noun(String incoming) {
    return incoming.equals("records_read") ? "records" : incoming;
  }

  /**
   * How many rows were offered to the warehouse, whether it needed them or not, or records landed.
   */
  long rows() {
    return of("rows_upserted")
        + of("rows_deleted")
        + of("rows_superseded")
        + of("landing_records_written");
  }

  /** The counts that are not 0, titled, in the order of a record's way. */
  Map<String, Long> titled() {
    Map<String, Long> titled = new LinkedHashMap<>();
    TITLES.forEach((name, title) -> put(titled, title, of(name)));
    totals.forEach(
        (name, total) -> {
          if (!TITLES.containsKey(name)) {
            put(titled, name.replace('_', ' '), total);
          }
        });
    return titled;
  }

  private static void put(Map<String, Long> titled, String title, long count) {
    if (count != 0) {
      titled.put(title, count);
    }
  }

  static String grouped(long count) {
    return String.format(Locale.ROOT, "%,d", count);
  }
}
