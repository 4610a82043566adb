package io.millrace.transforms.window;

import java.io.Serializable;

/**
 * The arithmetic of windows that depend on the elements of a key: when a run's window begins and
 * ends, and which runs are in it. Times are in milliseconds.
 */
final class Runs implements Serializable {
  private static final long serialVersionUID = 1L;

  private final Windows.Kind kind;
  private final long size;

  Runs(Windows windows) {
    kind = windows.kind();
    size = windows.size();
  }

  boolean areSessions() {
    return kind == Windows.Kind.SESSIONS;
  }

  /** The gap that ends a session. */
  long gap() {
    return size;
  }

  /** The start of the window of a run with these first and last times. */
  long start(long first) {
    return kind == Windows.Kind.TRAILING ? first - size + 1 : first;
  }

  /** The end of that window, which is not in it. */
  long end(long last) {
    return kind == Windows.Kind.TRAILING ? last + 1 : last + size;
  }

  /** The last time that is in the window: its result is due when the watermark is behind it. */
  long last(Run run) {
    return end(run.last) - 1;
  }

  /** The first time at which a run's window would hold an element at a time. */
  long firstHolder(long time) {
    return kind == Windows.Kind.TRAILING ? time : time - size + 1;
  }

  /** The last time at which a run's window would hold an element at a time. */
  long lastHolder(long time) {
    return kind == Windows.Kind.TRAILING ? time + size - 1 : time;
  }

  /** The last watermark at which any window may need a run, without lateness. */
  long neededUntil(Run run) {
    return kind == Windows.Kind.TRAILING ? run.first + size - 1 : last(run);
  }
}
