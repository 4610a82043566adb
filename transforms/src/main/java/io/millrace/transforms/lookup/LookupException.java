package io.millrace.transforms.lookup;

import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * The table of a lookup cannot be read, or is too large to be one. The message is one sentence for
 * whoever started the run: which table, what is wrong, and the remedy where there is one. A runner
 * wraps this exception in others; look for it along the causes.
 */
public final class LookupException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  LookupException(String message) {
    super(message);
  }

  LookupException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
