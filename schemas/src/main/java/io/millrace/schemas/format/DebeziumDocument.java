package io.millrace.schemas.format;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * What an event of Debezium's connector for MongoDB holds besides what all events do: images as
 * text, and what an update did.
 */
final class DebeziumDocument {
  private @Nullable String before;
  private @Nullable String after;
  private @Nullable String patch;
  private @Nullable String filter;
  private @Nullable String updatedFields;
  private final List<String> removedFields = new ArrayList<>();
  private final List<String> truncatedArrays = new ArrayList<>();

  void clear() {
    before = null;
    after = null;
    patch = null;
    filter = null;
    updatedFields = null;
    if (!removedFields.isEmpty()) {
      removedFields.clear();
    }
    if (!truncatedArrays.isEmpty()) {
      truncatedArrays.clear();
    }
  }

  void setBefore(String json) {
    before = json;
  }

  void setAfter(String json) {
    after = json;
  }

  void readPatch(JsonParser parser) throws IOException {
    patch = Json.scalar(parser);
  }

  void readFilter(JsonParser parser) throws IOException {
    filter = Json.scalar(parser);
  }

  /** Reads the {@code updateDescription} that the parser is at. */
  void readUpdate(JsonParser parser) throws IOException {
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      parser.skipChildren();
      return;
    }
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      parser.nextToken();
      switch (name) {
        case "updatedFields" -> updatedFields = Json.scalar(parser);
        case "removedFields" -> readTexts(parser, removedFields);
        case "truncatedArrays" -> readTexts(parser, truncatedArrays);
        default -> parser.skipChildren();
      }
    }
  }

  /** Reads an array of texts, or of objects that each have one as {@code field}. */
  private static void readTexts(JsonParser parser, List<String> texts) throws IOException {
    if (parser.currentToken() != JsonToken.START_ARRAY) {
      parser.skipChildren();
      return;
    }
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      if (parser.currentToken() == JsonToken.VALUE_STRING) {
        texts.add(parser.getText());
      } else if (parser.currentToken() == JsonToken.START_OBJECT) {
        readField(parser, texts);
      } else {
        parser.skipChildren();
      }
    }
  }

  private static void readField(JsonParser parser, List<String> texts) throws IOException {
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      boolean isField = parser.currentName().equals("field");
      parser.nextToken();
      String text = Json.scalar(parser);
      if (isField && text != null) {
        texts.add(text);
      }
    }
  }

  /** The document as it was. */
  @Nullable String before() {
    return before;
  }

  /** The document as it is. */
  @Nullable String after() {
    return after;
  }

  /** What an update did, as MongoDB's log had it before change streams. */
  @Nullable String patch() {
    return patch;
  }

  /** The document's identifier, beside a patch. */
  @Nullable String filter() {
    return filter;
  }

  /** The fields that an update set, by their paths. */
  @Nullable String updatedFields() {
    return updatedFields;
  }

  /** The paths of the fields that an update removed. */
  List<String> removedFields() {
    return removedFields;
  }

  /** The paths of the arrays that an update made shorter. */
  List<String> truncatedArrays() {
    return truncatedArrays;
  }
}
