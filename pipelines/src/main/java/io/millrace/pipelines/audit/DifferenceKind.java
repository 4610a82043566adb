package io.millrace.pipelines.audit;

/** What two values of a column that are not equal look like. */
enum DifferenceKind {
  /** The same number or time, with fewer digits on one side. */
  ROUNDING("rounding"),
  /** The same time, by the clock of another zone. */
  TIME_ZONE("time zone"),
  /** The same text but for case, blanks, form of its characters, or its end. */
  TEXT("text"),
  /** Null on one side. */
  NULL("null"),
  /** Another value. */
  VALUE("value"),
  /** Several rows of one key. */
  COPIES("copies");

  private final String title;

  DifferenceKind(String title) {
    this.title = title;
  }

  String title() {
    return title;
  }
}
