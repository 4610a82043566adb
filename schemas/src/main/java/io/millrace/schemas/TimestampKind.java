package io.millrace.schemas;

/** Who set a record's timestamp. */
public enum TimestampKind {
  /** Who sent the record; or it is a file's, and the time is that of reading. */
  CREATE(0),
  /** The broker, when it appended the record to its log. */
  LOG_APPEND(1),
  /** No one: the log has none, and the time is that of reading. */
  NONE(2);

  private final int code;

  TimestampKind(int code) {
    this.code = code;
  }

  /** The number that stands for it where records are packed. */
  int code() {
    return code;
  }

  static TimestampKind of(int code) {
    return switch (code) {
      case 0 -> CREATE;
      case 1 -> LOG_APPEND;
      case 2 -> NONE;
      default -> throw new IllegalStateException("Damaged bytes: no timestamp is of kind " + code);
    };
  }
}
