package io.millrace.transforms.window;

/** When, in the life of a window, a result was given. */
public enum Pane {
  /** Before the watermark passed the window's end: more is expected. */
  EARLY,
  /** When the watermark passed the window's end. */
  ON_TIME,
  /** A correction, because of what came after that. */
  LATE,
  /** No result: what the window would have gained, had it not come after the allowed lateness. */
  TOO_LATE
}
