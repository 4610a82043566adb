package io.millrace.transforms.landing;

/**
 * A landing cannot be written or read as asked. The message is one sentence for whoever started the
 * run: what is wrong, where, and the remedy. A runner wraps this exception in others; look for it
 * along the causes.
 */
public final class LandingException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public LandingException(String message) {
    super(message);
  }

  LandingException(String message, Throwable cause) {
    super(message, cause);
  }
}
