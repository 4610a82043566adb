package io.millrace.pipelines.ledger;

import io.millrace.transforms.quality.ChangeCounts;
import io.millrace.transforms.quality.RunLedger;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A ledger as tables of text: what became of what was read, and what the sinks made of that. */
final class LedgerReport {
  static void print(RunLedger ledger, PrintStream out) {
    out.printf(
        "ledger of %s: began %s, %s%n",
        ledger.run(),
        ledger.startedAt(),
        ledger.endedAt() == null ? "has not ended" : "ended " + ledger.endedAt());
    if (!ledger.merge().isEmpty() || ledger.events().isEmpty()) {
      printMerge(ledger, out);
    }
    if (!ledger.events().isEmpty()) {
      printEvents(ledger, out);
    }
    if (!ledger.warehouse().isEmpty()) {
      printWarehouse(ledger, out);
    }
    if (!ledger.lake().isEmpty()) {
      printLake(ledger, out);
    }
  }

  private static void printMerge(RunLedger ledger, PrintStream out) {
    List<List<String>> merge = new ArrayList<>();
    merge.add(
        List.of(
            "table",
            "read",
            "accepted",
            "superseded",
            "duplicate",
            "late",
            "rejected",
            "control",
            ""));
    ledger
        .merge()
        .forEach(
            (table, counts) ->
                merge.add(
                    List.of(
                        RunLedger.title(table),
                        number(counts.read()),
                        number(counts.accepted()),
                        number(counts.superseded()),
                        number(counts.duplicate()),
                        number(counts.late()),
                        number(counts.rejected()),
                        number(counts.control()),
                        verdict(ledger, counts))));
    print(merge, out);
  }

  private static void printEvents(RunLedger ledger, PrintStream out) {
    List<List<String>> events = new ArrayList<>();
    events.add(
        List.of("event", "read", "accepted", "duplicate", "late", "rejected", "control", ""));
    ledger
        .events()
        .forEach(
            (type, counts) ->
                events.add(
                    List.of(
                        type.isEmpty() ? "(no type)" : type,
                        number(counts.read()),
                        number(counts.accepted()),
                        number(counts.duplicate()),
                        number(counts.late()),
                        number(counts.rejected()),
                        number(counts.control()),
                        verdict(ledger, counts))));
    print(events, out);
  }

  private static void printWarehouse(RunLedger ledger, PrintStream out) {
    List<List<String>> sink = new ArrayList<>();
    sink.add(
        List.of("warehouse", "given", "written", "needless", "refused", "truncates", "repeated"));
    ledger
        .warehouse()
        .forEach(
            (table, counts) ->
                sink.add(
                    List.of(
                        RunLedger.title(table),
                        number(counts.read()),
                        number(counts.accepted()),
                        number(counts.superseded()),
                        number(counts.rejected()),
                        number(counts.control()),
                        repeated(ledger, table))));
    print(sink, out);
  }

  /** Of rows that were computed nobody counts how many there should be. */
  private static String repeated(RunLedger ledger, String table) {
    return ledger.merge().isEmpty() ? "-" : number(ledger.repeated(table));
  }

  private static void printLake(RunLedger ledger, PrintStream out) {
    List<List<String>> lake = new ArrayList<>();
    lake.add(List.of("lake", "taken in", "there before"));
    ledger
        .lake()
        .forEach(
            (table, counts) ->
                lake.add(
                    List.of(
                        RunLedger.title(table),
                        number(counts.accepted()),
                        number(counts.duplicate()))));
    print(lake, out);
  }

  private static String verdict(RunLedger ledger, ChangeCounts counts) {
    long missing = counts.missing();
    return missing == 0
        ? "balanced"
        : ledger.endedAt() == null
            ? number(missing) + " under way"
            : "NOT BALANCED by " + number(missing);
  }

  /** The first and a last column without a title are text, the others numbers. */
  private static void print(List<List<String>> rows, PrintStream out) {
    int columns = rows.get(0).size();
    int[] widths =
        IntStream.range(0, columns)
            .map(i -> rows.stream().mapToInt(row -> row.get(i).length()).max().orElse(0))
            .toArray();
    for (List<String> row : rows) {
      out.println(
          "  "
              + IntStream.range(0, columns)
                  .mapToObj(i -> pad(row.get(i), widths[i], i == 0 || rows.get(0).get(i).isEmpty()))
                  .collect(Collectors.joining("  "))
                  .stripTrailing());
    }
  }

  private static String pad(String text, int width, boolean left) {
    String blanks = " ".repeat(width - text.length());
    return left ? text + blanks : blanks + text;
  }

  private static String number(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  private LedgerReport() {}
}
