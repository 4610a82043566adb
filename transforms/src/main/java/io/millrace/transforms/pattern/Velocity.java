package io.millrace.transforms.pattern;

import com.google.auto.value.AutoValue;
import io.millrace.transforms.time.KeyProcess;
import org.joda.time.Duration;

/** More events of a key than are usual in a time. */
@AutoValue
public abstract class Velocity<T> implements Rule<T> {
  private static final long serialVersionUID = 1L;

  abstract int most();

  abstract Duration time();

  /**
   * More than so many events within a time: the last of them less than it after the first.
   *
   * @throws IllegalArgumentException if {@code most} is below 1 or {@code time} not longer than 0
   */
  public static <T> Velocity<T> above(int most, Duration time) {
    if (most < 1) {
      throw new IllegalArgumentException(
          "the usual number of events must be 1 or more, got " + most);
    }
    if (time.getMillis() <= 0) {
      throw new IllegalArgumentException("the time must be longer than 0, got " + time);
    }
    return new AutoValue_Velocity<>(most, time);
  }

  @Override
  public final KeyProcess<Alert<T>> process(AlertMaker<T> maker) {
    return new VelocityProcess<>(most(), time().getMillis(), maker);
  }

  @Override
  public final Duration turnEvery() {
    return time();
  }

  @Override
  public final String toString() {
    return "more than " + most() + " within " + time();
  }
}
