package io.millrace.transforms.window;

import org.joda.time.Duration;

/** Windows, and when they tell what. */
record WindowCase(Windows windows, LatePolicy policy) {

  /** The same with a clock that waits so long instead. */
  WindowCase waiting(Duration delay) {
    LatePolicy waiting = policy;
    if (policy.earlyFirings() != null) {
      waiting = waiting.withEarlyFirings(delay);
    }
    if (policy.lateFirings() != null) {
      waiting = waiting.withLateFirings(delay);
    }
    return new WindowCase(windows, waiting);
  }

  @Override
  public String toString() {
    return windows
        + ", late by "
        + policy.allowedLateness()
        + (policy.earlyFirings() == null ? "" : ", early after " + policy.earlyFirings())
        + (policy.earlyElements() == 0 ? "" : ", early after " + policy.earlyElements())
        + (policy.lateFirings() == null ? "" : ", corrected after " + policy.lateFirings())
        + ", "
        + policy.corrections();
  }
}
