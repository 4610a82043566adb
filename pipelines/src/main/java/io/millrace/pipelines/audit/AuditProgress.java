package io.millrace.pipelines.audit;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;

/** Tells every few seconds how far a comparison is. */
final class AuditProgress {
  private final PrintStream out;
  private final Timing timing;
  private final Duration every;
  private final Duration start;
  private Duration told;
  private String table = "";
  private long expected;
  private long compared;

  /**
   * @param seconds between two lines; 0: none
   */
  AuditProgress(PrintStream out, Timing timing, int seconds) {
    this.out = out;
    this.timing = timing;
    this.every = Duration.ofSeconds(seconds);
    this.start = timing.now();
    this.told = start;
  }

  void table(String name) {
    table = name;
    compared = 0;
  }

  /** About so many rows are to be compared. */
  void begin(long rows) {
    expected = rows;
  }

  void compared(long rows) {
    compared += rows;
    tell("%s: %,d of about %,d rows compared", table, compared, Math.max(compared, expected));
  }

  void looking(long tables) {
    tell("looking again at rows that differ, in %,d tables", tables);
  }

  private void tell(String format, Object... values) {
    Duration now = timing.now();
    if (!every.isZero() && now.minus(told).compareTo(every) >= 0) {
      told = now;
      Duration elapsed = now.minus(start);
      out.printf(
          Locale.ROOT,
          "%02d:%02d:%02d  %s%n",
          elapsed.toHours(),
          elapsed.toMinutesPart(),
          elapsed.toSecondsPart(),
          String.format(Locale.ROOT, format, values));
    }
  }
}
