package io.millrace.transforms.window;

import java.io.Serializable;
import java.math.BigInteger;

/**
 * The arithmetic of windows that are made of slices: the longest spans such that each window is a
 * whole number of them. Slices and windows are numbered; times are in milliseconds.
 */
final class Slices implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Stands for no window. */
  static final long NONE = Long.MAX_VALUE;

  private final boolean isGlobal;
  private final long size;
  private final long period;
  private final long offset;
  private final long slice;

  Slices(Windows windows) {
    isGlobal = windows.kind() == Windows.Kind.GLOBAL;
    size = windows.size();
    period = windows.period();
    offset = windows.offset();
    slice =
        switch (windows.kind()) {
          case HOPPING -> BigInteger.valueOf(size).gcd(BigInteger.valueOf(period)).longValueExact();
          // Of two elements in a span of the gap's length, no window ends between them.
          case SESSIONS -> size;
          case TRAILING, FROM_OLDEST -> 1;
          case GLOBAL -> Long.MAX_VALUE;
        };
  }

  /** The slice that holds a time. */
  long sliceOf(long millis) {
    return isGlobal ? 0 : Math.floorDiv(millis - offset, slice);
  }

  /** The first window that holds a slice. */
  long firstWindow(long sliceNumber) {
    return isGlobal ? 0 : Math.floorDiv(sliceNumber * slice - size, period) + 1;
  }

  /** The last window that holds a slice. */
  long lastWindow(long sliceNumber) {
    return isGlobal ? 0 : Math.floorDiv(sliceNumber * slice, period);
  }

  /** The first slice of a window. */
  long firstSlice(long window) {
    return isGlobal ? 0 : window * period / slice;
  }

  /** How many slices a window has. */
  long slicesOfWindow() {
    return isGlobal ? 1 : size / slice;
  }

  long start(long window) {
    return window * period + offset;
  }

  long end(long window) {
    return start(window) + size;
  }

  /** The last time that is in a window: its result is due when the watermark is there. */
  long last(long window) {
    return isGlobal ? WindowBucket.LAST_TIME : Math.min(end(window) - 1, WindowBucket.LAST_TIME);
  }

  boolean isGlobal() {
    return isGlobal;
  }

  /** The first window whose last time is a time or later. */
  long firstWindowFrom(long millis) {
    if (isGlobal) {
      return millis <= WindowBucket.LAST_TIME ? 0 : 1;
    }
    // The least w with w * period + offset + size - 1 >= millis.
    return -Math.floorDiv(offset + size - 1 - millis, period);
  }
}
