package io.millrace.schemas.format;

import io.millrace.schemas.ChangeEvent;
import io.millrace.schemas.RejectedRecordException;
import io.millrace.schemas.RejectedRecordException.Reason;

/** Times in microseconds since the epoch, within what PostgreSQL can store. */
final class Micros {
  /** 4713-01-01 BC and 294276-01-01, with a year to spare. */
  private static final long FIRST_MILLIS = -210_800_000_000_000L;

  private static final long LAST_MILLIS = 9_224_200_000_000_000L;

  /**
   * @throws RejectedRecordException if the time is out of range
   */
  static long ofMillis(long millis, String field) {
    if (millis < FIRST_MILLIS || millis > LAST_MILLIS) {
      throw new RejectedRecordException(
          Reason.BAD_VALUE, field + " is " + millis + " ms since 1970, which is out of range");
    }
    return millis * 1_000;
  }

  /** The time, or {@link ChangeEvent#NO_TIME} where it is out of range. */
  static long orNoTime(long millis) {
    return millis < FIRST_MILLIS || millis > LAST_MILLIS ? ChangeEvent.NO_TIME : millis * 1_000;
  }

  private Micros() {}
}
