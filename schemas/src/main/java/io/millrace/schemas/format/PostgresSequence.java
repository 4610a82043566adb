package io.millrace.schemas.format;

import io.millrace.schemas.wire.JsonFields;
import io.millrace.schemas.wire.JsonScanner;
import io.millrace.schemas.wire.RecurringObject;
import java.nio.charset.StandardCharsets;

/**
 * PostgreSQL's {@code sequence}: text that holds {@code ["last commit lsn","lsn"]}, whose first may
 * be null.
 */
final class PostgresSequence {
  private static final byte[] START = "\"[\\\"".getBytes(StandardCharsets.UTF_8);
  private static final byte[] NEXT = "\\\",\\\"".getBytes(StandardCharsets.UTF_8);
  private static final byte[] NULL = "\"[null,\\\"".getBytes(StandardCharsets.UTF_8);

  /** The first of the two, or 0. */
  static long lastCommit(String sequence) {
    int start = sequence.indexOf('"');
    int comma = sequence.indexOf(',');
    if (start < 0 || (comma >= 0 && start > comma)) {
      return 0;
    }
    int end = sequence.indexOf('"', start + 1);
    try {
      return Long.parseLong(sequence, start + 1, end, 10);
    } catch (NumberFormatException | IndexOutOfBoundsException e) {
      throw SourceFields.unreadable(SourceFields.SEQUENCE, sequence, "not two LSNs");
    }
  }

  /**
   * Takes the text from its bytes.
   *
   * @param recurring learns both numbers
   * @param source gets the last commit
   * @return false if it must be parsed
   */
  static boolean scan(JsonScanner json, RecurringObject recurring, SourceFields source) {
    int start = json.position();
    if (json.take(START)) {
      if (!scanLsn(json, recurring, SourceFields.SEQUENCE)) {
        return false;
      }
      source.set(SourceFields.SEQUENCE, json.number());
      if (!json.take(NEXT)) {
        return false;
      }
    } else if (!json.take(NULL)) {
      return false;
    }
    if (!scanLsn(json, recurring, JsonFields.OTHER)) {
      return false;
    }
    json.seek(start);
    return json.skip();
  }

  private static boolean scanLsn(JsonScanner json, RecurringObject recurring, int field) {
    int start = json.position();
    if (!json.digits() || json.peek() != '\\') {
      return false;
    }
    recurring.learn(field, start, json);
    return true;
  }

  private PostgresSequence() {}
}
