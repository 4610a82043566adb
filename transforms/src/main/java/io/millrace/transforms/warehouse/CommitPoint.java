package io.millrace.transforms.warehouse;

import io.millrace.schemas.ChangeEvent;
import io.millrace.schemas.Position;
import java.util.Comparator;
import org.apache.beam.sdk.coders.DefaultCoder;

/**
 * A commit of the source that has been written, as far as it has been seen.
 *
 * @param committedAt when the source committed it, in microseconds, or {@link ChangeEvent#NO_TIME}
 * @param position a position of it
 * @param ripeAt the watermark, in milliseconds, that must have passed before nothing committed
 *     earlier can still be on its way
 */
@DefaultCoder(CommitPointCoder.class)
record CommitPoint(long committedAt, Position position, long ripeAt) {
  /** Unknown times first; positions decide where times are equal. */
  static final Comparator<CommitPoint> ORDER =
      Comparator.comparingLong(CommitPoint::committedAt).thenComparing(CommitPoint::position);

  /** The commit of a change that came with a timestamp (in milliseconds). */
  static CommitPoint of(ChangeEvent event, long timestamp) {
    return new CommitPoint(
        event.committedAt(),
        event.position(),
        Math.max(timestamp, Math.max(millis(event.committedAt()), millis(event.receivedAt()))));
  }

  private static long millis(long micros) {
    return micros == ChangeEvent.NO_TIME ? Long.MIN_VALUE : Math.floorDiv(micros, 1_000L);
  }

  boolean hasTime() {
    return committedAt != ChangeEvent.NO_TIME;
  }

  /** Whether it was committed earlier; of two with one commit time, neither was. */
  boolean isOfEarlierCommitThan(CommitPoint other) {
    return committedAt < other.committedAt;
  }

  CommitPoint orLater(CommitPoint other) {
    return ORDER.compare(other, this) > 0 ? other : this;
  }
}
