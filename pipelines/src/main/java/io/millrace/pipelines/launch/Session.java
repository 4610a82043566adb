package io.millrace.pipelines.launch;

import java.io.PrintStream;
import java.util.function.Predicate;

/**
 * What a command has at hand while it runs: where to write, the runner, what the user gave.
 *
 * @param out for what was asked for
 * @param err for all else
 * @param given whether the user gave an option
 */
public record Session(
    PrintStream out, PrintStream err, RunnerSetup runner, Predicate<String> given) {

  /** Tells something that is good to know. */
  public void note(String line) {
    err.println(line);
  }

  /** Tells something that should not stay as it is. */
  public void warn(String line) {
    err.println("warning: " + line);
  }
}
