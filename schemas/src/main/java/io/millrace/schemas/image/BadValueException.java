package io.millrace.schemas.image;

/** A value does not fit its column's type; the message says why, without the column's name. */
final class BadValueException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private static final int SHOWN = 60;

  BadValueException(String message) {
    super(message, null, false, false);
  }

  static BadValueException of(String value, String problem) {
    String shown = value.length() > SHOWN ? value.substring(0, SHOWN) + "…" : value;
    return new BadValueException("'" + shown.replace('\0', '\u2400') + "' " + problem);
  }
}
