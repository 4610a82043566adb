package io.millrace.pipelines.launch;

import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * A command cannot be carried out as asked. The message is for the user: one line that says what is
 * wrong, where, and the remedy where there is one.
 */
public final class LaunchException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final ExitCode exitCode;

  private LaunchException(ExitCode exitCode, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.exitCode = exitCode;
  }

  /** The user's input is wrong. */
  public static LaunchException input(String message) {
    return new LaunchException(ExitCode.INPUT, message, null);
  }

  /** The user's input is wrong. */
  public static LaunchException input(String message, Throwable cause) {
    return new LaunchException(ExitCode.INPUT, message, cause);
  }

  /** The world is not as needed. */
  public static LaunchException world(String message, Throwable cause) {
    return new LaunchException(ExitCode.WORLD, message, cause);
  }

  /** What came out is not right, which is a fault of Millrace or a library. */
  public static LaunchException fault(String message) {
    return new LaunchException(ExitCode.BUG, message, null);
  }

  public ExitCode exitCode() {
    return exitCode;
  }
}
