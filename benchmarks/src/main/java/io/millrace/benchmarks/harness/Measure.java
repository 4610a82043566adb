package io.millrace.benchmarks.harness;

/** What of a run a benchmark's ratio is of. */
public enum Measure {
  /** CPU seconds of all processes that do the work. */
  CPU("CPU seconds"),
  /** Seconds on the clock, where the work waits for another process. */
  WALL("seconds on the clock");

  private final String words;

  Measure(String words) {
    this.words = words;
  }

  double of(Measurement measured) {
    return switch (this) {
      case CPU -> measured.cpuSeconds();
      case WALL -> measured.wallSeconds();
    };
  }

  /** Its name in a sentence. */
  String words() {
    return words;
  }
}
