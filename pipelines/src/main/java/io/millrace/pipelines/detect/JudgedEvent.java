package io.millrace.pipelines.detect;

/**
 * What a rule needs to know of an event: this, and no more of it, waits in state.
 *
 * @param key whose event it is
 * @param id the event's id, as {@link Texts} writes it
 * @param steps a bit for each of the rule's steps, the first lowest: whether the event is such
 * @param value the number that the rule looks at, or NaN where there is none
 */
record JudgedEvent(String key, String id, long steps, double value) {
  /** How many steps there are bits for. */
  static final int MOST_STEPS = 60;

  /** Whether the event is what a step wants. */
  boolean is(int step) {
    return (steps >> step & 1) == 1;
  }
}
