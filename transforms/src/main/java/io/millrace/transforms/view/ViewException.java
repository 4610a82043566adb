package io.millrace.transforms.view;

/** A view cannot be computed as its query says; the message says why, and what to write. */
public final class ViewException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  ViewException(String message) {
    super(message);
  }

  ViewException(String message, Throwable cause) {
    super(message, cause);
  }
}
