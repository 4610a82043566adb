package io.millrace.schemas.expression;

/**
 * An expression is wrong, or has no value for a row; the message says why, without naming the
 * expression. It may be due to data, so it carries no stack trace.
 */
public final class ExpressionException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private static final int SHOWN = 60;

  ExpressionException(String message) {
    super(message, null, false, false);
  }

  static ExpressionException of(String value, String problem) {
    String shown = value.length() > SHOWN ? value.substring(0, SHOWN) + "…" : value;
    return new ExpressionException("'" + shown.replace('\0', '\u2400') + "' " + problem);
  }
}
