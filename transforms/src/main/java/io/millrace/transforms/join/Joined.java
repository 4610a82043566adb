package io.millrace.transforms.join;

import org.checkerframework.checker.nullness.qual.Nullable;
import org.joda.time.Instant;

/**
 * A pair of elements of one key, or, from an outer join, one that nothing joined.
 *
 * @param left null if nothing joined the right one
 * @param leftTime the left one's timestamp, null if there is none
 * @param right null if nothing joined the left one
 * @param rightTime the right one's timestamp, null if there is none
 */
public record Joined<L, R>(
    @Nullable L left, @Nullable Instant leftTime, @Nullable R right, @Nullable Instant rightTime) {

  /** A pair. */
  public static <L, R> Joined<L, R> of(L left, Instant leftTime, R right, Instant rightTime) {
    return new Joined<>(left, leftTime, right, rightTime);
  }

  /** A left element that nothing joined. */
  public static <L, R> Joined<L, R> leftOnly(L left, Instant leftTime) {
    return new Joined<>(left, leftTime, null, null);
  }

  /** A right element that nothing joined. */
  public static <L, R> Joined<L, R> rightOnly(R right, Instant rightTime) {
    return new Joined<>(null, null, right, rightTime);
  }

  /** Whether there is a left and a right element. */
  public boolean isPair() {
    return leftTime != null && rightTime != null;
  }
}
