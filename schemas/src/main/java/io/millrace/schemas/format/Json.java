package io.millrace.schemas.format;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import io.millrace.schemas.RejectedRecordException;
import io.millrace.schemas.RejectedRecordException.Reason;
import java.io.IOException;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Parsers over received bytes, and what their complaints mean for a record. */
final class Json {
  private static final JsonFactory FACTORY = new JsonFactory();

  /**
   * A parser of UTF-8.
   *
   * @throws RejectedRecordException if the bytes look like UTF-16 or UTF-32, which Jackson would
   *     read, or like Avro with a schema's id before it
   */
  static JsonParser parser(byte[] buffer, int start, int length) throws IOException {
    requireText(buffer, start, length);
    return FACTORY.createParser(buffer, start, length);
  }

  /**
   * Makes sure that bytes look like JSON in UTF-8.
   *
   * @throws RejectedRecordException if they look like something else that {@link #parser} names
   */
  static void requireText(byte[] buffer, int start, int length) {
    for (int i = start; i < start + Math.min(4, length); i++) {
      if (buffer[i] == 0 || (i == start && (buffer[i] & 0xFE) == 0xFE)) {
        throw new RejectedRecordException(Reason.MALFORMED, "not JSON in UTF-8: it is binary");
      }
    }
  }

  /** The text of the scalar at the parser; null for null, and for a structure, which is skipped. */
  static @Nullable String scalar(JsonParser parser) throws IOException {
    JsonToken token = parser.currentToken();
    if (token.isStructStart()) {
      parser.skipChildren();
      return null;
    }
    return token == JsonToken.VALUE_NULL ? null : parser.getText();
  }

  /**
   * Makes sure that a range holds one closing brace and blanks.
   *
   * @throws RejectedRecordException if not
   */
  static void requireOnlyBrace(byte[] buffer, int start, int end) {
    int braces = 0;
    for (int i = start; i < end; i++) {
      if (buffer[i] == '}' && braces == 0) {
        braces++;
      } else if (buffer[i] != ' ' && buffer[i] != '\n' && buffer[i] != '\r' && buffer[i] != '\t') {
        braces = 2;
      }
    }
    if (braces != 1) {
      throw new RejectedRecordException(
          Reason.MALFORMED, "not JSON: something other than one } follows the payload");
    }
  }

  /** What a parser's complaint makes of the record. */
  static RejectedRecordException rejection(IOException complaint) {
    if (complaint instanceof StreamConstraintsException) {
      return new RejectedRecordException(
          Reason.TOO_LARGE, "larger or nested deeper than allowed: " + message(complaint));
    }
    return new RejectedRecordException(Reason.MALFORMED, "not JSON: " + message(complaint));
  }

  private static String message(IOException complaint) {
    return complaint instanceof com.fasterxml.jackson.core.JsonProcessingException json
        ? json.getOriginalMessage()
        : String.valueOf(complaint.getMessage());
  }

  private Json() {}
}
