package io.millrace.transforms.service;

/**
 * A service refused a call, and would again: it is not repeated. If it was for several keys, these
 * are asked for in two halves, so that in the end only those fail that are refused by themselves.
 */
public final class RefusedCallException extends Exception {
  private static final long serialVersionUID = 1L;

  public RefusedCallException(String message) {
    super(message);
  }

  public RefusedCallException(String message, Throwable cause) {
    super(message, cause);
  }
}
