package io.millrace.transforms.time;

import com.google.auto.value.AutoValue;
import org.apache.beam.sdk.coders.DefaultCoder;
import org.joda.time.Duration;
import org.joda.time.Instant;

/**
 * How many events of a source and an hour of event time came in time and how many did not. Totals
 * since the run began: of two of the same source and hour the one with the greater {@link #all()}
 * is the newer, so writing them again, or out of order, can do no harm.
 */
@AutoValue
@DefaultCoder(LateCountsCoder.class)
public abstract class LateCounts {

  /** Stands for all hours that are so long ago that they are no longer counted by themselves. */
  public static final Instant EARLIER = Instant.EPOCH;

  static LateCounts of(String source, Instant hour, long inTime, long late, long tooLate) {
    return new AutoValue_LateCounts(source, hour, inTime, late, tooLate);
  }

  /** The hour that a timestamp in milliseconds is in, as the first of its milliseconds. */
  static long hour(long timestamp) {
    return timestamp - Math.floorMod(timestamp, Duration.standardHours(1).getMillis());
  }

  /** Where the events are from. */
  public abstract String source();

  /** When the hour begins, in UTC; {@link #EARLIER} for all before those that are kept. */
  public abstract Instant hour();

  /** How many came before the watermark had passed them. */
  public abstract long inTime();

  /** How many came after the watermark, and no later than is allowed. */
  public abstract long late();

  /** How many came later than is allowed. */
  public abstract long tooLate();

  /** How many came. */
  public long all() {
    return inTime() + late() + tooLate();
  }

  LateCounts plus(LateCounts other) {
    return of(
        source(),
        hour(),
        inTime() + other.inTime(),
        late() + other.late(),
        tooLate() + other.tooLate());
  }
}
