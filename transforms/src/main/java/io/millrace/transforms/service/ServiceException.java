package io.millrace.transforms.service;

/**
 * There can be no client of a service. The message is one sentence for whoever started the run: of
 * which, and why. A runner wraps this exception in others; look for it along the causes.
 */
public final class ServiceException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  ServiceException(String message, Throwable cause) {
    super(message, cause);
  }
}
