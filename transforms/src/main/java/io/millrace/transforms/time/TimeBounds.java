package io.millrace.transforms.time;

import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.joda.time.Duration;
import org.joda.time.Instant;

/** Arithmetic of event time, which ends some 290 million years from now on either side. */
final class TimeBounds {
  /**
   * The last time that a timer can be set to on every runner; later than any watermark but the
   * last.
   */
  static final Instant END = BoundedWindow.TIMESTAMP_MAX_VALUE.minus(Duration.standardDays(2));

  /** The earliest timestamp, in milliseconds since 1970; the watermark before there is one. */
  static final long BEGIN = BoundedWindow.TIMESTAMP_MIN_VALUE.getMillis();

  /** A time, or {@link #END} if it is after that. */
  static Instant atMost(Instant time) {
    return time.isAfter(END) ? END : time;
  }

  /** A time less a duration of 0 or more, both in milliseconds; no earlier than any timestamp. */
  static long minus(long time, long duration) {
    return duration > time - BEGIN ? BEGIN : time - duration;
  }

  private TimeBounds() {}
}
