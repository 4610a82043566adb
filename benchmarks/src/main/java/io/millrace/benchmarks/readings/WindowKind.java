package io.millrace.benchmarks.readings;

import java.util.Locale;

/** The windows that sums are taken over. */
public enum WindowKind {
  /** Of 10 s, one after another. */
  TUMBLING(1, 10),
  /** Of 10 s, one beginning each second. */
  HOPPING(10, 1),
  /** As long as no pause of a sensor is 10 s. */
  SESSION(1, 10);

  /** Milliseconds that a window lasts, or a session's pause. */
  public static final long SIZE = 10_000;

  /** Milliseconds from a hopping window's beginning to the next one's. */
  public static final long HOP = 1_000;

  private final int slices;
  private final int slideSeconds;

  WindowKind(int slices, int slideSeconds) {
    this.slices = slices;
    this.slideSeconds = slideSeconds;
  }

  /** How many slices of a sensor's time are open at once: what state is measured by. */
  public int slices() {
    return slices;
  }

  /** Seconds from a window's beginning to the next one's; of no meaning for sessions. */
  int slideSeconds() {
    return slideSeconds;
  }

  /** Its name, in lower case. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
