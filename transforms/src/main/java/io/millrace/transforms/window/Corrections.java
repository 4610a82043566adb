package io.millrace.transforms.window;

/** What a further result of a key's window says about the one before. */
public enum Corrections {
  /** It stands in its place: the value of all elements so far. For tables that are overwritten. */
  ACCUMULATE,
  /** It adds to it: the value of the elements since then only. For sums of all results. */
  DISCARD,
  /**
   * It comes as two: first a retraction of the one before, with its values, then the value of all
   * elements so far. For whoever adds up, joins or groups results anew.
   */
  RETRACT
}
