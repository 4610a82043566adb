package io.millrace.runners.dataflow;

import io.millrace.pipelines.Millrace;
import java.util.Arrays;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Millrace on Dataflow. */
public final class Main {
  /** Held, since java.util.logging forgets the level of a logger that nobody holds. */
  private static final Logger ROOT = Logger.getLogger("");

  /**
   * Carries out a command line and ends the JVM with its exit code. What libraries log is shown
   * when something is wrong, or with {@code --verbose}. Workers do not come by here: what they log
   * goes through java.util.logging to Dataflow.
   */
  public static void main(String[] arguments) {
    if (!Arrays.asList(arguments).contains("--verbose")) {
      ROOT.setLevel(Level.SEVERE);
    }
    Millrace.main(arguments, new DataflowSetup());
  }

  private Main() {}
}
