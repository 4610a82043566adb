package io.millrace.transforms.enrich;

import org.checkerframework.checker.nullness.qual.Nullable;
import org.joda.time.Instant;

/**
 * A fact with what a table's row was at its time.
 *
 * @param kind whether this holds, or is taken back
 * @param fact as it came
 * @param row null if there was none
 * @param since from when on the row held; null if there was none
 * @param revision 0 for what was said of the fact first, 1 for what was said after that was taken
 *     back, and so on; what takes back has the revision of what it takes back
 */
public record Enriched<F, D>(
    Kind kind, F fact, @Nullable D row, @Nullable Instant since, long revision) {

  /** What is said of a fact. */
  public enum Kind {
    /** It holds until it is taken back. */
    ASSERT,
    /** What was said with this revision, row and time does not hold any more. */
    VOID
  }

  /** Whether this takes back what was said. */
  public boolean isVoid() {
    return kind == Kind.VOID;
  }
}
