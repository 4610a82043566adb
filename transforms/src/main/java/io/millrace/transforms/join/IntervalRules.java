package io.millrace.transforms.join;

import java.io.Serializable;

/**
 * What becomes of an element, by its time and the watermark, all in milliseconds.
 *
 * @param lateness how far behind the watermark an element may be
 * @param hasIds whether elements that came before are to be known
 */
record IntervalRules(IntervalSpan span, IntervalKind kind, long lateness, boolean hasIds)
    implements Serializable {
  private static final long serialVersionUID = 1L;

  boolean isTooLate(long time, long watermark) {
    return time + lateness < watermark;
  }

  /** Whether nothing can come any more that would join an element. */
  boolean isOver(IntervalSide side, long time, long watermark) {
    return over(side, time) <= watermark;
  }

  /** The watermark at which nothing can come any more that would join an element. */
  long over(IntervalSide side, long time) {
    return span.to(side, time) + lateness + 1;
  }

  /** Whether an element is still to be kept. */
  boolean isKept(IntervalSide side, long time, long watermark) {
    return watermark < freed(side, time);
  }

  /**
   * The watermark at which an element need not be kept any more: nothing joins it, and if it came
   * again it would be too late.
   */
  long freed(IntervalSide side, long time) {
    return hasIds ? Math.max(over(side, time), time + lateness + 1) : over(side, time);
  }

  /** The number of the slice that a time is in. */
  long slice(long time) {
    return Math.floorDiv(time, span.sliceMillis());
  }

  long sliceStart(long slice) {
    return slice * span.sliceMillis();
  }

  /** The watermark at which a whole slice need not be kept any more. */
  long sliceFreed(IntervalSide side, long slice) {
    return freed(side, sliceStart(slice + 1) - 1);
  }
}
