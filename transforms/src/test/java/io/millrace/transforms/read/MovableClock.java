package io.millrace.transforms.read;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.joda.time.Duration;

/** A clock that stands still until it is moved. */
final class MovableClock extends Clock {
  private long millis;

  MovableClock(org.joda.time.Instant start) {
    this.millis = start.getMillis();
  }

  void advance(Duration duration) {
    millis += duration.getMillis();
  }

  org.joda.time.Instant now() {
    return org.joda.time.Instant.ofEpochMilli(millis);
  }

  @Override
  public long millis() {
    return millis;
  }

  @Override
  public Instant instant() {
    return Instant.ofEpochMilli(millis);
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    throw new UnsupportedOperationException("This clock knows UTC only");
  }
}
