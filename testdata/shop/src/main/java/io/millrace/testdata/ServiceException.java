package io.millrace.testdata;

/** A local service did not start, stopped by itself or did not answer; the message says which. */
public final class ServiceException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * @param message one line for a person, naming the service and where its log is
   */
  public ServiceException(String message) {
    super(message);
  }

  /**
   * @param message one line for a person, naming the service and where its log is
   * @param cause what was thrown
   */
  public ServiceException(String message, Throwable cause) {
    super(message, cause);
  }
}
