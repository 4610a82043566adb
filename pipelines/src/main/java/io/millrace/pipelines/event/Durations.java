package io.millrace.pipelines.event;

import io.millrace.pipelines.launch.LaunchException;
import org.joda.time.Duration;

/** Durations as contracts write them, in ISO 8601: {@code PT10M}, {@code P1D}. */
public final class Durations {

  /**
   * Reads a duration of days, hours, minutes and seconds.
   *
   * @param where the table and property, for an error
   * @throws LaunchException if it is none
   */
  public static Duration parse(String text, String where) {
    try {
      return Duration.millis(java.time.Duration.parse(text).toMillis());
    } catch (java.time.DateTimeException | ArithmeticException e) {
      throw LaunchException.input(
          where + " is '" + text + "', which is no duration in ISO 8601 such as PT10M or P1D", e);
    }
  }

  private Durations() {}
}
