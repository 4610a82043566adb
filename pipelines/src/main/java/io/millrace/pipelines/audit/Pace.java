package io.millrace.pipelines.audit;

import java.time.Duration;

/** Holds a comparison back, so that it reads no more rows in a second than it may. */
final class Pace {
  private final Timing timing;
  private final int rowsPerSecond;
  private final Duration start;
  private long rows;

  /**
   * @param rowsPerSecond 0: any number
   */
  Pace(Timing timing, int rowsPerSecond) {
    this.timing = timing;
    this.rowsPerSecond = rowsPerSecond;
    this.start = timing.now();
  }

  /** How many rows a statement should read, at most. */
  long statementRows(long otherwise) {
    return rowsPerSecond == 0 ? otherwise : Math.min(otherwise, rowsPerSecond);
  }

  /** Waits, after so many rows, until as many were allowed. */
  void read(long count) throws InterruptedException {
    rows += count;
    if (rowsPerSecond > 0) {
      Duration due = start.plusMillis(rows * 1000 / rowsPerSecond);
      Duration wait = due.minus(timing.now());
      if (!wait.isNegative() && !wait.isZero()) {
        timing.sleep(wait);
      }
    }
  }

  /** How many rows were read so far. */
  long rows() {
    return rows;
  }
}
