package io.millrace.benchmarks.flink;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;

/** Parses an event in one pass, making no text and no tree; trusts that it fits. */
final class OrderParser {
  private final JsonFactory json = new JsonFactory();

  /** Fills a change from an event. */
  void parse(byte[] buffer, int start, int length, OrderChange change) throws IOException {
    change.clear();
    try (JsonParser parser = json.createParser(buffer, start, length)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new IOException("not a JSON object");
      }
      String name = parser.nextFieldName();
      while (name != null) {
        JsonToken token = parser.nextToken();
        switch (name) {
          case "before" -> {
            if (token == JsonToken.START_OBJECT) {
              readId(parser, change);
            }
          }
          case "after" -> {
            if (token == JsonToken.START_OBJECT) {
              int from = (int) parser.currentTokenLocation().getByteOffset();
              readId(parser, change);
              int to = (int) parser.currentLocation().getByteOffset();
              change.setRow(buffer, start + from, to - from);
            }
          }
          case "source" -> readSource(parser, change);
          case "op" -> change.operation = parser.getTextCharacters()[parser.getTextOffset()];
          case "transaction" -> {
            if (token == JsonToken.START_OBJECT) {
              readTransaction(parser, change);
            }
          }
          default -> parser.skipChildren();
        }
        name = parser.nextFieldName();
      }
    }
    if (change.id == 0 || change.lsn == 0) {
      throw new IOException("no key, or no position");
    }
  }

  private static void readId(JsonParser parser, OrderChange change) throws IOException {
    String name = parser.nextFieldName();
    while (name != null) {
      parser.nextToken();
      if (name.equals("id")) {
        change.id = parser.getLongValue();
      } else {
        parser.skipChildren();
      }
      name = parser.nextFieldName();
    }
  }

  private static void readSource(JsonParser parser, OrderChange change) throws IOException {
    String name = parser.nextFieldName();
    while (name != null) {
      parser.nextToken();
      switch (name) {
        case "ts_ms" -> change.committedAtMillis = parser.getLongValue();
        case "snapshot" ->
            change.streamed = parser.getTextCharacters()[parser.getTextOffset()] == 'f' ? 1 : 0;
        case "sequence" -> change.commitLsn = firstNumber(parser);
        case "lsn" -> change.lsn = parser.getLongValue();
        default -> parser.skipChildren();
      }
      name = parser.nextFieldName();
    }
  }

  /** The first of {@code ["last commit lsn","lsn"]}, 0 for null. */
  private static long firstNumber(JsonParser parser) throws IOException {
    char[] text = parser.getTextCharacters();
    int i = parser.getTextOffset() + 1;
    if (text[i] != '"') {
      return 0;
    }
    long number = 0;
    for (i++; text[i] != '"'; i++) {
      number = 10 * number + text[i] - '0';
    }
    return number;
  }

  private static void readTransaction(JsonParser parser, OrderChange change) throws IOException {
    String name = parser.nextFieldName();
    while (name != null) {
      parser.nextToken();
      if (name.equals("total_order")) {
        change.order = parser.getLongValue();
      } else {
        parser.skipChildren();
      }
      name = parser.nextFieldName();
    }
  }
}
