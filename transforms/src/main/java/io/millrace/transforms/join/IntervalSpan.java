package io.millrace.transforms.join;

import java.io.Serializable;

/**
 * Which times of one side an element of the other joins: those within its interval, both ends
 * included. All in milliseconds.
 *
 * @param before how far before a left element its interval begins; may be negative
 * @param after how far after a left element its interval ends; may be negative
 * @param window if more than 0, the length of windows, and elements join that are in the same one
 */
record IntervalSpan(long before, long after, long window) implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final long LEAST_SLICE = 1000;

  static IntervalSpan difference(long before, long after) {
    return new IntervalSpan(before, after, 0);
  }

  static IntervalSpan window(long size) {
    return new IntervalSpan(0, 0, size);
  }

  /** The earliest time of the other side that an element joins. */
  long from(IntervalSide side, long time) {
    if (window > 0) {
      return time - Math.floorMod(time, window);
    }
    return time - (side == IntervalSide.LEFT ? before : after);
  }

  /** The latest time of the other side that an element joins. It grows with the element's. */
  long to(IntervalSide side, long time) {
    if (window > 0) {
      return from(side, time) + window - 1;
    }
    return time + (side == IntervalSide.LEFT ? after : before);
  }

  /** How long the slices of time are in which elements are kept: a quarter of the interval. */
  long sliceMillis() {
    return Math.max(LEAST_SLICE, (window > 0 ? window : before + after) / 4);
  }
}
