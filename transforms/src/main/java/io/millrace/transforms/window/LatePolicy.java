package io.millrace.transforms.window;

import com.google.auto.value.AutoValue;
import java.io.Serializable;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.joda.time.Duration;

/**
 * When windows give results, how long they take what is late, and what a further result says about
 * the one before.
 *
 * <p>By default there is one result, when the watermark passes the window's end, and what comes
 * later is too late.
 *
 * <pre>{@code
 * LatePolicy.allowing(Duration.standardHours(1))
 *     .withEarlyFirings(Duration.standardSeconds(10))
 *     .withCorrections(Corrections.RETRACT)
 * }</pre>
 */
@AutoValue
public abstract class LatePolicy implements Serializable {
  private static final long serialVersionUID = 1L;

  abstract Duration allowedLateness();

  abstract @Nullable Duration earlyFirings();

  abstract int earlyElements();

  abstract @Nullable Duration lateFirings();

  abstract Corrections corrections();

  abstract Builder toBuilder();

  /** One result, on time; nothing late is taken. */
  public static LatePolicy onTimeOnly() {
    return allowing(Duration.ZERO);
  }

  /**
   * Windows take what comes until the watermark has passed their end by this much, and then free
   * their state.
   *
   * @throws IllegalArgumentException if it is negative
   */
  public static LatePolicy allowing(Duration lateness) {
    if (lateness.getMillis() < 0) {
      throw new IllegalArgumentException("allowedLateness must be 0 or more, got " + lateness);
    }
    return new AutoValue_LatePolicy.Builder()
        .setAllowedLateness(lateness)
        .setEarlyElements(0)
        .setCorrections(Corrections.ACCUMULATE)
        .build();
  }

  /**
   * Gives results of windows that changed and have not ended yet, this long (by the clock) after
   * the first change. Bounded input gives none: it ends first.
   *
   * @throws IllegalArgumentException if it is not positive
   */
  public LatePolicy withEarlyFirings(Duration delay) {
    requirePositive("earlyFirings", delay);
    return toBuilder().setEarlyFirings(delay).build();
  }

  /**
   * Gives a result of a key's window that has not ended yet whenever it has gained so many elements
   * since the last; since elements arrive in packets, it may have gained more.
   *
   * @throws IllegalArgumentException if it is not positive
   */
  public LatePolicy withEarlyFiringsAfter(int elements) {
    if (elements < 1) {
      throw new IllegalArgumentException("earlyElements must be 1 or more, got " + elements);
    }
    return toBuilder().setEarlyElements(elements).build();
  }

  /**
   * Gives corrections of windows that have ended this long (by the clock) after the first change,
   * and when the window's time is over; by default as soon as a late packet is in.
   *
   * @throws IllegalArgumentException if it is not positive
   */
  public LatePolicy withLateFirings(Duration delay) {
    requirePositive("lateFirings", delay);
    return toBuilder().setLateFirings(delay).build();
  }

  /** What further results say; {@link Corrections#ACCUMULATE} by default. */
  public LatePolicy withCorrections(Corrections corrections) {
    return toBuilder().setCorrections(corrections).build();
  }

  /** Whether results may come before a window's end. */
  final boolean isEarly() {
    return earlyFirings() != null || earlyElements() > 0;
  }

  /** Whether results wait for the clock. */
  final boolean isTimed() {
    return earlyFirings() != null || lateFirings() != null;
  }

  private static void requirePositive(String name, Duration duration) {
    if (duration.getMillis() <= 0) {
      throw new IllegalArgumentException(name + " must be more than 0, got " + duration);
    }
  }

  @AutoValue.Builder
  abstract static class Builder {
    abstract Builder setAllowedLateness(Duration lateness);

    abstract Builder setEarlyFirings(Duration delay);

    abstract Builder setEarlyElements(int elements);

    abstract Builder setLateFirings(Duration delay);

    abstract Builder setCorrections(Corrections corrections);

    abstract LatePolicy build();
  }
}
