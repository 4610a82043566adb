package io.millrace.pipelines.launch;

/** A pipeline began and failed; the cause says why. What is wrong was not seen before it began. */
final class RunFailedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  RunFailedException(Throwable cause) {
    super(cause);
  }
}
