package io.millrace.pipelines.retry;

import io.millrace.transforms.quality.DeadLetterScan;
import io.millrace.transforms.quality.DeadLetterScan.Kind;
import io.millrace.transforms.quality.RetryMark;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Tables of dead letters, by table, stage and reason. */
final class RetryReport {
  private final PrintStream out;

  RetryReport(PrintStream out) {
    this.out = out;
  }

  /** What there is to send again. */
  void waiting(DeadLetterScan letters) {
    if (letters.kinds().isEmpty()) {
      out.println("there are no such dead letters");
      return;
    }
    List<Row> rows = new ArrayList<>();
    letters
        .kinds()
        .forEach(
            (kind, count) ->
                rows.add(new Row(kind, count.waiting(), count.failedAgain(), count.done())));
    print(rows, "waiting", "failed again", "done");
  }

  /** What became of the letters that were sent again, told by their marks. */
  void retried(Map<String, RetryMark> before, Map<String, RetryMark> after) {
    SortedMap<Kind, long[]> counts = new TreeMap<>();
    after.forEach(
        (id, mark) -> {
          if (!mark.equals(before.get(id))) {
            long[] count = counts.computeIfAbsent(Kind.of(mark), kind -> new long[2]);
            count[mark.done() ? 0 : 1]++;
          }
        });
    List<Row> rows = new ArrayList<>();
    counts.forEach(
        (kind, count) -> rows.add(new Row(kind, count[0] + count[1], count[0], count[1])));
    print(rows, "retried", "written", "still failing");
  }

  /** A line: a kind and three counts. */
  private record Row(Kind kind, long first, long second, long third) {}

  private void print(List<Row> rows, String first, String second, String third) {
    int width =
        rows.stream()
            .mapToInt(row -> table(row.kind()).length())
            .reduce("table".length(), Math::max);
    String format = "%-" + width + "s  %-9s  %-17s  %12s  %12s  %13s%n";
    out.printf(Locale.ROOT, format, "table", "stage", "reason", first, second, third);
    long[] total = new long[3];
    for (Row row : rows) {
      out.printf(
          Locale.ROOT,
          format,
          table(row.kind()),
          row.kind().stage(),
          row.kind().reason(),
          grouped(row.first()),
          grouped(row.second()),
          grouped(row.third()));
      total[0] += row.first();
      total[1] += row.second();
      total[2] += row.third();
    }
    out.printf(
        Locale.ROOT,
        format,
        "all",
        "",
        "",
        grouped(total[0]),
        grouped(total[1]),
        grouped(total[2]));
  }

  private static String table(Kind kind) {
    return kind.table() == null ? "(unknown)" : kind.table();
  }

  private static String grouped(long count) {
    return String.format(Locale.ROOT, "%,d", count);
  }
}
