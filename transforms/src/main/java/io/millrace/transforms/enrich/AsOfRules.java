package io.millrace.transforms.enrich;

import java.io.Serializable;

/**
 * How facts are joined as of their times.
 *
 * @param isLeft whether a fact without a row is said without one
 * @param horizon how late, in milliseconds, facts and versions may be
 * @param patience how long, in milliseconds of event time, a fact waits for a row
 */
record AsOfRules(boolean isLeft, long horizon, long patience) implements Serializable {
  private static final long serialVersionUID = 1L;

  /** How far behind the watermark a fact may be that a version in time can change. */
  long reach() {
    return horizon + patience;
  }

  /** Whether a fact can still be corrected when the watermark is there. */
  boolean isKept(long time, long watermark) {
    return horizon > 0 && time >= watermark - reach();
  }

  /** Whether a fact or version is later than is allowed. */
  boolean isTooLate(long time, long watermark) {
    return time < watermark - horizon;
  }
}
