package io.millrace.transforms.window;

import java.util.ArrayList;
import java.util.List;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Elements of a key that are one: a session, or all that have the same time. It has a window of its
 * own, of which results are said.
 */
final class Run {
  /** The time of its first element. */
  long first;

  /** The time of its last element. */
  long last;

  /** What its elements sum up to: one row. */
  final Slots value;

  /** Whether the watermark has passed its window, and a result was given if one was due. */
  boolean isClosed;

  /** Whether there is something to say of its window. */
  boolean isChanged;

  /** How many elements its window has gained since a result was given. */
  long pending;

  /** The result that was given last, null if none was. */
  @Nullable Said said;

  /** Results that were given of runs that are part of this one now. */
  final List<Said> merged = new ArrayList<>(0);

  /** With {@link Corrections#DISCARD}, what came since a result was given. */
  @Nullable Slots since;

  Run(AccumulatorLayout layout, long first, long last) {
    value = new Slots(layout, 1);
    this.first = first;
    this.last = last;
  }

  /** A result that was given. */
  static final class Said {
    final long first;
    final long last;
    final long revision;

    /** Its values, once they no longer hold. */
    @Nullable Slots value;

    Said(long first, long last, long revision) {
      this.first = first;
      this.last = last;
      this.revision = revision;
    }
  }

  /** Adds to what came since the last result. */
  void addSince(Slots part) {
    if (since == null) {
      since = new Slots(part.layout, 1);
    }
    part.layout.merge(since, 0, part, 0);
  }
}
