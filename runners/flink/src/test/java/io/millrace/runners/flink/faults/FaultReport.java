package io.millrace.runners.flink.faults;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What each fault did, as a table. */
final class FaultReport {

  /**
   * A fault and what came of it.
   *
   * @param events how many rows changed at the source meanwhile
   * @param lost rows that are missing in the warehouse, or not what they should be
   * @param doubled rows that should not be there, and dead letters that stand twice
   * @param seconds from the end of the changes until all of them were written
   */
  record Line(String fault, long events, long lost, long doubled, double seconds) {}

  private final List<Line> lines = new ArrayList<>();

  void add(Line line) {
    lines.add(line);
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            "%-52s %7s %5s %8s %9s%n", "fault", "events", "lost", "doubled", "caught up"));
    for (Line line : lines) {
      text.append(
          String.format(
              Locale.ROOT,
              "%-52s %,7d %,5d %,8d %7.1f s%n",
              line.fault(),
              line.events(),
              line.lost(),
              line.doubled(),
              line.seconds()));
    }
    return text.toString();
  }
}
