package io.millrace.transforms.entity;

import java.io.Serializable;
import org.apache.beam.sdk.state.Timer;
import org.apache.beam.sdk.transforms.windowing.GlobalWindow;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.joda.time.Duration;
import org.joda.time.Instant;

/**
 * When entities are said.
 *
 * @param clock how long after a change by the clock, null if not by it
 * @param time at which multiples of event time, null if not by it
 */
record Emission(@Nullable Duration clock, @Nullable Duration time) implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final Instant END = GlobalWindow.INSTANCE.maxTimestamp();
  static final Emission PER_CHANGE = new Emission(null, null);

  boolean isPerChange() {
    return clock == null && time == null;
  }

  /**
   * Sets the timers for what has changed. That of event time holds the watermark where the change
   * was, and fires at the end at the latest, where the clock's never does on bounded input.
   */
  void arm(Timer clockTimer, Timer timeTimer, Instant changed, long watermark) {
    if (clock != null) {
      clockTimer.withNoOutputTimestamp().offset(clock).setRelative();
    }
    Instant end = END;
    if (time != null) {
      long now = Math.max(watermark, changed.getMillis());
      long next = (Math.floorDiv(now, time.getMillis()) + 1) * time.getMillis();
      end = next < end.getMillis() ? Instant.ofEpochMilli(next) : end;
    }
    timeTimer.withOutputTimestamp(changed.isAfter(end) ? end : changed).set(end);
  }

  /**
   * Lets the watermark go, when all has been said before the timer of event time fired. Clearing
   * the timer would do as well, but does nothing on Flink (Beam 2.70).
   */
  static void release(Timer timeTimer) {
    timeTimer.withOutputTimestamp(END).set(END);
  }
}
