package io.millrace.pipelines.audit;

/**
 * What two values look like, in which many rows may agree.
 *
 * @param detail more of it, such as how far a time is off; empty if there is nothing to say
 */
record ValueDifference(DifferenceKind kind, String detail) {
  ValueDifference(DifferenceKind kind) {
    this(kind, "");
  }

  @Override
  public String toString() {
    return kind.title() + (detail.isEmpty() ? "" : " " + detail);
  }
}
