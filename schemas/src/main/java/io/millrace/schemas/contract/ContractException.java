package io.millrace.schemas.contract;

/**
 * A contract cannot be read, or says something that cannot be. The message names place and remedy.
 */
public final class ContractException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  public ContractException(String message) {
    super(message);
  }

  public ContractException(String message, Throwable cause) {
    super(message, cause);
  }
}
