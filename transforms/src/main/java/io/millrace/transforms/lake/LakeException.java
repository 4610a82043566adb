package io.millrace.transforms.lake;

/**
 * A lake cannot be written or read as asked. The message is one sentence for whoever started the
 * run: what is wrong, where, and the remedy. A runner wraps this exception in others; look for it
 * along the causes.
 */
public final class LakeException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  LakeException(String message) {
    super(message);
  }

  LakeException(String message, Throwable cause) {
    super(message, cause);
  }
}
