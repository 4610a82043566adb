package io.millrace.schemas.format;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.millrace.schemas.wire.JsonScanner;
import java.io.IOException;

/** Where in the received bytes a JSON value stands, so that it need not be copied. */
final class Slice {
  private int start;
  private int length = -1;

  void clear() {
    length = -1;
  }

  /** Whether there is a value other than null. */
  boolean isPresent() {
    return length >= 0;
  }

  int start() {
    return start;
  }

  int length() {
    return length;
  }

  void set(int newStart, int newLength) {
    start = newStart;
    length = newLength;
  }

  /**
   * Takes the object, or null, that the scanner is at, moving over it.
   *
   * @return false if it must be parsed
   */
  boolean take(JsonScanner json) {
    if (json.takeNull()) {
      length = -1;
      return true;
    }
    start = json.position();
    boolean isObject = json.peek() == '{' && json.skip();
    length = json.position() - start;
    return isObject;
  }

  /** Takes the object at the parser, moving over it; base is where the parser's input starts. */
  void take(JsonParser parser, int base) throws IOException {
    if (parser.currentToken() == JsonToken.VALUE_NULL) {
      length = -1;
      return;
    }
    start = base + (int) parser.currentTokenLocation().getByteOffset();
    parser.skipChildren();
    length = base + (int) parser.currentLocation().getByteOffset() - start;
  }
}
