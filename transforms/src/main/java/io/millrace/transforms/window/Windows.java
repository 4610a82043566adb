package io.millrace.transforms.window;

import com.google.auto.value.AutoValue;
import java.io.Serializable;
import org.joda.time.Duration;

/**
 * Into which spans of event time elements fall. Bounds are milliseconds since 1970-01-01T00:00:00Z;
 * a window holds its start and not its end.
 *
 * <table>
 * <caption>The kinds of windows</caption>
 * <tr><td>{@link #tumbling}</td><td>spans of one size, side by side</td></tr>
 * <tr><td>{@link #hopping}</td><td>spans of one size that begin once a period; they overlap</td></tr>
 * <tr><td>{@link #sessions}</td><td>a key's elements with less than a gap between one and the next</td></tr>
 * <tr><td>{@link #trailing}</td><td>for each element, the span that ends with it</td></tr>
 * <tr><td>{@link #fromOldest}</td><td>for each element, the span that begins with it</td></tr>
 * <tr><td>{@link #global}</td><td>all of time, for totals that run on</td></tr>
 * </table>
 */
@AutoValue
public abstract class Windows implements Serializable {
  private static final long serialVersionUID = 1L;

  enum Kind {
    HOPPING,
    SESSIONS,
    TRAILING,
    FROM_OLDEST,
    GLOBAL
  }

  abstract Kind kind();

  /** The windows' size, or the gap that ends a session, in milliseconds. */
  abstract long size();

  /** What is between the starts of two windows, in milliseconds. */
  abstract long period();

  /** Where windows start, counted from any multiple of the period, in milliseconds. */
  abstract long offset();

  /**
   * Windows of one size, side by side: {@code [n × size, (n + 1) × size)}.
   *
   * @throws IllegalArgumentException if {@code size} is not positive
   */
  public static Windows tumbling(Duration size) {
    return hopping(size, size);
  }

  /**
   * Windows of one size of which one begins in each period; an element is in {@code size / period}
   * of them. Where the size is no multiple of the period, in one more or less.
   *
   * @throws IllegalArgumentException if either is not positive, or {@code period} is greater than
   *     {@code size}, which would leave out elements
   */
  public static Windows hopping(Duration size, Duration period) {
    requirePositive("size", size);
    requirePositive("period", period);
    if (period.isLongerThan(size)) {
      throw new IllegalArgumentException(
          "period must be "
              + size
              + " (the windows' size) or less, got "
              + period
              + ": elements between two windows would be in none");
    }
    return new AutoValue_Windows(Kind.HOPPING, size.getMillis(), period.getMillis(), 0);
  }

  /**
   * Sessions: a key's elements of which each comes less than {@code gap} after the one before. The
   * window ends a gap after its last element. Two elements that are exactly a gap apart are in two
   * sessions, as with Beam's {@code Sessions} (with Flink's they are in one).
   *
   * @throws IllegalArgumentException if {@code gap} is not positive
   */
  public static Windows sessions(Duration gap) {
    requirePositive("gap", gap);
    return new AutoValue_Windows(Kind.SESSIONS, gap.getMillis(), 0, 0);
  }

  /**
   * For each time at which a key has elements, the window of this size that ends with it: {@code
   * (time - size, time]}, in milliseconds {@code [time - size + 1, time + 1)}. "What was it over
   * the last ten minutes, as of this event?"
   *
   * @throws IllegalArgumentException if {@code size} is not positive
   */
  public static Windows trailing(Duration size) {
    requirePositive("size", size);
    return new AutoValue_Windows(Kind.TRAILING, size.getMillis(), 0, 0);
  }

  /**
   * For each time at which a key has elements, the window of this size that begins with it: {@code
   * [time, time + size)}. It is the slot of textbooks that starts with the oldest event in the
   * buffer and, when it is over, moves on to the next oldest.
   *
   * @throws IllegalArgumentException if {@code size} is not positive
   */
  public static Windows fromOldest(Duration size) {
    requirePositive("size", size);
    return new AutoValue_Windows(Kind.FROM_OLDEST, size.getMillis(), 0, 0);
  }

  /**
   * One window that never ends: results come by the early firings of the {@link LatePolicy}, and
   * once more when bounded input ends. The window's bounds are null in the results.
   */
  public static Windows global() {
    return new AutoValue_Windows(Kind.GLOBAL, 0, 0, 0);
  }

  /**
   * Moves the starts of tumbling and hopping windows: days of a zone one hour east of Greenwich are
   * {@code tumbling(standardDays(1)).withOffset(standardHours(-1))}.
   *
   * @throws IllegalArgumentException if the windows are of another kind
   */
  public Windows withOffset(Duration offset) {
    if (kind() != Kind.HOPPING) {
      throw new IllegalArgumentException(
          "withOffset is for tumbling and hopping windows, got " + this);
    }
    return new AutoValue_Windows(
        kind(), size(), period(), Math.floorMod(offset.getMillis(), period()));
  }

  private static void requirePositive(String name, Duration duration) {
    if (duration.getMillis() <= 0) {
      throw new IllegalArgumentException(name + " must be more than 0, got " + duration);
    }
  }

  /** For instance {@code hopping PT10S by PT1S}. */
  @Override
  public final String toString() {
    return switch (kind()) {
      case HOPPING ->
          (size() == period()
                  ? "tumbling " + Duration.millis(size())
                  : "hopping " + Duration.millis(size()) + " by " + Duration.millis(period()))
              + (offset() == 0 ? "" : " from " + Duration.millis(offset()));
      case SESSIONS -> "sessions with a gap of " + Duration.millis(size());
      case TRAILING -> "trailing " + Duration.millis(size());
      case FROM_OLDEST -> Duration.millis(size()) + " from the oldest";
      case GLOBAL -> "global";
    };
  }
}
