package io.millrace.schemas.format;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.millrace.schemas.Image;
import io.millrace.schemas.ImageEncoding;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.checkerframework.checker.nullness.qual.Nullable;

/** The key that came with a Debezium event; used again for record after record. */
final class DebeziumKey implements RowChanges.MessageKey {
  private final ConnectSchemas schemas;
  private final Slice slice = new Slice();
  private byte[] buffer = new byte[0];

  DebeziumKey(ConnectSchemas schemas) {
    this.schemas = schemas;
  }

  void clear() {
    slice.clear();
  }

  void set(byte[] bytes, int start, int length) {
    buffer = bytes;
    slice.set(start, length);
  }

  /** Takes the key the parser is at, an object or text that holds one. */
  void read(JsonParser parser, byte[] bytes, int base) throws IOException {
    JsonToken token = parser.currentToken();
    if (token == JsonToken.VALUE_STRING) {
      byte[] text = parser.getText().getBytes(StandardCharsets.UTF_8);
      set(text, 0, text.length);
    } else if (token != JsonToken.VALUE_NULL) {
      slice.take(parser, base);
      buffer = bytes;
    }
  }

  /** The key without its schema block, or null if there is none that is a JSON object. */
  @Override
  public @Nullable Image image() {
    if (!slice.isPresent()) {
      return null;
    }
    Slice row = new Slice();
    ImageEncoding encoding = ImageEncoding.DEBEZIUM;
    try (JsonParser parser = Json.parser(buffer, slice.start(), slice.length())) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return null;
      }
      while (parser.nextToken() != JsonToken.END_OBJECT) {
        String name = parser.currentName();
        JsonToken token = parser.nextToken();
        if (name.equals("payload") && token == JsonToken.START_OBJECT) {
          row.take(parser, slice.start());
        } else if (name.equals("schema") && token == JsonToken.START_OBJECT) {
          Slice schema = new Slice();
          schema.take(parser, slice.start());
          encoding = schemas.read(buffer, schema.start(), schema.length()).encoding();
        } else {
          parser.skipChildren();
        }
      }
    } catch (IOException e) {
      return null;
    }
    Slice found = row.isPresent() ? row : slice;
    return Image.of(buffer, found.start(), found.length(), encoding);
  }
}
