package io.millrace.schemas.format;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.millrace.schemas.Image;
import io.millrace.schemas.ImageEncoding;
import io.millrace.schemas.format.KeyedReader.Content;
import java.io.IOException;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Takes rows out of what Kafka Connect's JSON converter writes: {@code {"schema":…,"payload":…}},
 * or the row alone.
 */
final class ConnectRows {
  private static final String VALUE = ".Value";

  private final ImageEncoding plain;
  private final ConnectSchemas schemas;

  /**
   * Takes out rows.
   *
   * @param plain the encoding of rows whose schema tells nothing of their columns
   */
  ConnectRows(ImageEncoding plain) {
    this.plain = plain;
    this.schemas = new ConnectSchemas(plain);
  }

  /** What these bytes, one JSON object and nothing else, are or hold. */
  Content content(byte[] buffer, int start, int length) throws IOException {
    Slice schema = new Slice();
    Slice payload = new Slice();
    String scalar = null;
    boolean hasPayload = false;
    boolean hasOther = false;
    try (JsonParser parser = Json.parser(buffer, start, length)) {
      parser.nextToken();
      while (parser.nextToken() != JsonToken.END_OBJECT) {
        String name = parser.currentName();
        JsonToken token = parser.nextToken();
        if (name.equals("schema") && !token.isScalarValue()) {
          schema.take(parser, start);
        } else if (name.equals("payload")) {
          hasPayload = true;
          if (token == JsonToken.START_OBJECT) {
            payload.take(parser, start);
          } else {
            scalar = Json.scalar(parser);
          }
        } else {
          hasOther |= !name.equals("schema");
          parser.skipChildren();
        }
      }
    }
    if (!hasPayload || hasOther) {
      return new Content(Image.of(buffer, start, length, plain), null, null);
    }
    return inEnvelope(buffer, schema, payload, scalar);
  }

  private Content inEnvelope(byte[] buffer, Slice schema, Slice payload, @Nullable String scalar) {
    ImageEncoding encoding = plain;
    String table = null;
    if (schema.isPresent()) {
      ConnectSchemas.Known known = schemas.read(buffer, schema.start(), schema.length());
      encoding = known.encoding();
      String name = known.name();
      table = name.endsWith(VALUE) ? name.substring(0, name.length() - VALUE.length()) : name;
    }
    Image row =
        payload.isPresent() ? Image.of(buffer, payload.start(), payload.length(), encoding) : null;
    return new Content(row, scalar, table == null || table.isEmpty() ? null : table);
  }
}
