package io.millrace.transforms.cdc;

/** What became of a change when it met what is known of its row. */
public enum Outcome {
  /** It is newer than all before it, or supplies a value that a newer change left open. */
  ACCEPTED,
  /** A newer change of the row was seen before, and nothing of this one is needed. */
  SUPERSEDED,
  /** It is the row's newest change, seen again. */
  DUPLICATE;

  /** Whether the change goes on: what is superseded may be a version of its own. */
  boolean isWanted(boolean history) {
    return this == ACCEPTED || (history && this == SUPERSEDED);
  }
}
