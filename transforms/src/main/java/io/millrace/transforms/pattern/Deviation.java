package io.millrace.transforms.pattern;

import com.google.auto.value.AutoValue;
import io.millrace.transforms.time.KeyProcess;
import org.apache.beam.sdk.transforms.SerializableFunction;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.joda.time.Duration;

/**
 * A value that is far from the running mean of its key's values before it. Three standard
 * deviations after thirty events, unless other numbers are given.
 */
@AutoValue
public abstract class Deviation<T> implements Rule<T> {
  private static final long serialVersionUID = 1L;

  abstract SerializableFunction<T, Double> value();

  abstract double deviations();

  abstract int least();

  abstract @Nullable Duration idleExpiry();

  /**
   * A value's deviation.
   *
   * @param value of an event; events whose value is null, infinite or not a number are passed over
   */
  public static <T> Deviation<T> of(SerializableFunction<T, Double> value) {
    return new AutoValue_Deviation<>(value, 3, 30, null);
  }

  /**
   * By how many standard deviations a value has to be off.
   *
   * @throws IllegalArgumentException if it is negative or not a number
   */
  public Deviation<T> beyond(double deviations) {
    if (!(deviations >= 0)) {
      throw new IllegalArgumentException("deviations must be 0 or more, got " + deviations);
    }
    return new AutoValue_Deviation<>(value(), deviations, least(), idleExpiry());
  }

  /**
   * How many events of its key must have come before.
   *
   * @throws IllegalArgumentException if it is below 2, of which there is no deviation
   */
  public Deviation<T> after(int events) {
    if (events < 2) {
      throw new IllegalArgumentException("events before must be 2 or more, got " + events);
    }
    return new AutoValue_Deviation<>(value(), deviations(), events, idleExpiry());
  }

  /**
   * Begins anew with a key that had no event for longer than this; by default nothing is forgotten.
   *
   * @throws IllegalArgumentException if it is not longer than 0
   */
  public Deviation<T> withIdleExpiry(Duration time) {
    if (time.getMillis() <= 0) {
      throw new IllegalArgumentException("the idle time must be longer than 0, got " + time);
    }
    return new AutoValue_Deviation<>(value(), deviations(), least(), time);
  }

  @Override
  public final KeyProcess<Alert<T>> process(AlertMaker<T> maker) {
    return new DeviationProcess<>(this, maker);
  }

  @Override
  public final Duration turnEvery() {
    Duration idle = idleExpiry();
    return idle == null ? Duration.ZERO : idle;
  }

  @Override
  public final String toString() {
    return "beyond " + deviations() + " deviations after " + least() + " events";
  }
}
