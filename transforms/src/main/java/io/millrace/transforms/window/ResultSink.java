package io.millrace.transforms.window;

import org.apache.beam.sdk.values.Row;

/** Takes the results of windows. */
interface ResultSink {
  /**
   * Takes a result.
   *
   * @param millis the last time that is in the window
   */
  void result(Row row, long millis);

  /** Takes what a window would have gained, had it not come too late. */
  void tooLate(Row row, long millis);
}
