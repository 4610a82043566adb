package io.millrace.transforms.laws;

import java.util.List;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * A record of a case's log, and what a reader should make of it.
 *
 * @param group the case, or {@link #SHARED}
 * @param order its place in the log
 * @param changes none of a control record or one that is rejected
 */
record LogRecord(
    int group,
    int order,
    Fate fate,
    @Nullable String key,
    @Nullable String value,
    List<Change> changes) {
  /** A truncate's group, since it concerns all cases. */
  static final int SHARED = -1;

  enum Fate {
    CHANGES,
    CONTROL,
    REJECTED
  }

  @Override
  public String toString() {
    return (fate == Fate.CHANGES ? "" : fate + " ") + (key == null ? "" : key + " = ") + value;
  }
}
