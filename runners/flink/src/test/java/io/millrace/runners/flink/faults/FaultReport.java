package io.millrace.runners.flink.faults;

import java.util.Locale;

/** What each fault did, as a table. */
final class FaultReport {

  private final StringBuilder lines = new StringBuilder();

  FaultReport() {
    lines.append(
        String.format(
            "%-46s %7s %5s %8s %10s%n", "fault", "events", "lost", "doubled", "caught up"));
  }

  /**
   * Adds a fault and what came of it.
   *
   * @param events how many rows changed at the source meanwhile
   * @param lost rows that are missing in the warehouse, or not what they should be
   * @param doubled rows that should not be there, and dead letters that stand twice
   * @param seconds from the end of the changes until all of them were written
   */
  void add(String fault, long events, long lost, long doubled, double seconds) {
    lines.append(
        String.format(
            Locale.ROOT, "%-46s %,7d %,5d %,8d %8.1f s%n", fault, events, lost, doubled, seconds));
  }

  /** Adds a fault that was not got over. */
  void addFailure(String fault) {
    lines.append(String.format("%-46s FAILED%n", fault));
  }

  @Override
  public String toString() {
    return lines.toString();
  }
}
