package io.millrace.testdata.events;

/** What may be wrong with a line. Each of these a correct reader refuses, and says why. */
enum Flaw {
  /** Nothing: an ordinary line. */
  NONE,
  TRUNCATED_JSON,
  NOT_AN_OBJECT,
  MISSING_OPERATION,
  UNKNOWN_OPERATION,
  MISSING_TABLE,
  MISSING_POSITION,
  MISSING_ROW,
  NULL_KEY,
  WRONG_TYPE,
  NUMBER_OUT_OF_RANGE,
  TEXT_TOO_LONG,
  NUL_CHARACTER,
  INVALID_UTF8;

  /** Stands in the text for bytes that are not UTF-8. */
  static final char BAD_BYTES = '\uE000';

  /** What a column's value is replaced by, as JSON, or null where it stays. */
  String replacement(String column) {
    return switch (this) {
      case NULL_KEY -> column.equals("id") ? "null" : null;
      case WRONG_TYPE -> column.equals("active") ? "\"maybe\"" : null;
      case NUMBER_OUT_OF_RANGE -> column.equals("balance") ? "\"1234567890123456.00\"" : null;
      case TEXT_TOO_LONG -> column.equals("owner") ? '"' + "long ".repeat(20) + '"' : null;
      case NUL_CHARACTER -> column.equals("owner") ? "\"before\\u0000after\"" : null;
      case INVALID_UTF8 -> column.equals("owner") ? "\"before" + BAD_BYTES + "after\"" : null;
      case NONE,
          TRUNCATED_JSON,
          NOT_AN_OBJECT,
          MISSING_OPERATION,
          UNKNOWN_OPERATION,
          MISSING_TABLE,
          MISSING_POSITION,
          MISSING_ROW ->
          null;
    };
  }
}
