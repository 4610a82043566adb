package io.millrace.schemas.format;

import io.millrace.schemas.BusinessEvent;
import io.millrace.schemas.RejectedRecordException;
import io.millrace.schemas.RejectedRecordException.Reason;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * Tells events of clocks that are far ahead: what happened long after it came in. It goes by the
 * record, not by the moment of reading, so that a record that is read again is judged the same; but
 * a record that claims to have come later than now came now.
 */
final class PlausibleTimes {
  private final Duration tolerance;
  private final long toleranceMicros;
  private final Clock clock;

  PlausibleTimes(Duration tolerance, Clock clock) {
    this.tolerance = tolerance;
    this.toleranceMicros = tolerance.toMillis() * 1_000;
    this.clock = clock;
  }

  /**
   * Checks when an event happened.
   *
   * @param receivedAt when it came in, {@link BusinessEvent#NO_TIME} for now
   * @throws RejectedRecordException if it happened too long after that
   */
  void check(long occurredAt, long receivedAt) {
    long came = came(receivedAt);
    if (occurredAt > came + toleranceMicros) {
      throw new RejectedRecordException(
          Reason.BAD_TIME,
          "the event happened, by its own clock, at "
              + time(occurredAt)
              + ", more than "
              + tolerance
              + " after it came in at "
              + time(came)
              + "; set the clock right, or allow more (futureTolerance)");
    }
  }

  private long came(long receivedAt) {
    long now = clock.millis() * 1_000;
    return receivedAt == BusinessEvent.NO_TIME ? now : Math.min(receivedAt, now);
  }

  private static Instant time(long micros) {
    return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
  }
}
