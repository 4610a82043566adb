package io.millrace.pipelines.launch;

/** What the process says to the one who started it. */
public enum ExitCode {
  /** Done. */
  OK(0),
  /** A fault of Millrace's own. */
  BUG(1),
  /** What was asked for cannot be: an option, a file, a contract. */
  INPUT(2),
  /** The world is not as needed: a broker, a database, a disk. */
  WORLD(3);

  private final int code;

  ExitCode(int code) {
    this.code = code;
  }

  public int code() {
    return code;
  }
}
