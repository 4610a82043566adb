package io.millrace.transforms.cdc;

/** What became of a change when it met what is known of its row. */
enum Outcome {
  /** It is newer than all before it, or supplies a value that a newer change left open. */
  ACCEPTED,
  /** A newer change of the row was seen before, and nothing of this one is needed. */
  SUPERSEDED,
  /** It is the row's newest change, seen again. */
  DUPLICATE;

  /** What became of it where a history takes older changes in too. */
  Outcome keeping(boolean history) {
    return history && this == SUPERSEDED ? ACCEPTED : this;
  }
}
