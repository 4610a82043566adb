package io.millrace.schemas.format;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.millrace.schemas.Image;
import io.millrace.schemas.ImageEncoding;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.StringWriter;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;

/** Images made of what a record tells in parts. All keep the encoding of the row. */
final class RowImages {
  private static final JsonFactory JSON = new JsonFactory();

  /** Writes the fields that come before a row's own. */
  private interface Fields {
    void write(JsonGenerator out) throws IOException;
  }

  /** The row with the columns of {@code old} in place of its own: as it was before a change. */
  static Image before(Image row, Image old) {
    Set<String> names = new HashSet<>();
    return edited(row, out -> copyFields(old, out, Set.of(), names), names);
  }

  /** The row without these fields. */
  static Image without(Image row, Set<String> fields) {
    return edited(row, out -> {}, fields);
  }

  /** The row with a null for each of these columns that it does not have. */
  static Image withNulls(Image row, Collection<String> columns) {
    Set<String> absent = new LinkedHashSet<>(columns);
    absent.removeAll(names(row));
    return absent.isEmpty() ? row : edited(row, out -> writeNulls(absent, out), Set.of());
  }

  /** The names of the row's fields. */
  static Set<String> names(Image row) {
    Set<String> names = new HashSet<>();
    try (JsonParser parser = open(row)) {
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        names.add(parser.currentName());
        parser.nextToken();
        parser.skipChildren();
      }
    } catch (IOException e) {
      throw Json.rejection(e);
    }
    return names;
  }

  private static void writeNulls(Collection<String> columns, JsonGenerator out) throws IOException {
    for (String column : columns) {
      out.writeNullField(column);
    }
  }

  /** A row of one column, whose value is this text. */
  static Image ofText(String column, String value, ImageEncoding encoding) {
    StringWriter text = new StringWriter();
    try (JsonGenerator out = JSON.createGenerator(text)) {
      out.writeStartObject();
      out.writeStringField(column, value);
      out.writeEndObject();
    } catch (IOException e) {
      throw Json.rejection(e);
    }
    return Image.ofJson(text.toString(), encoding);
  }

  private static Image edited(Image row, Fields first, Set<String> dropped) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(row.length() + 64);
    try (JsonGenerator out = JSON.createGenerator(bytes)) {
      out.writeStartObject();
      first.write(out);
      copyFields(row, out, dropped, new HashSet<>());
      out.writeEndObject();
    } catch (IOException e) {
      throw Json.rejection(e);
    }
    byte[] edited = bytes.toByteArray();
    return Image.of(edited, 0, edited.length, row.encoding());
  }

  /** Copies the fields of an image but for some, and notes the names of those that were copied. */
  private static void copyFields(
      Image image, JsonGenerator out, Set<String> dropped, Set<String> copied) throws IOException {
    try (JsonParser parser = open(image)) {
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        if (dropped.contains(parser.currentName())) {
          parser.nextToken();
          parser.skipChildren();
        } else {
          copied.add(parser.currentName());
          copyField(parser, out);
        }
      }
    }
  }

  private static JsonParser open(Image image) throws IOException {
    JsonParser parser = JSON.createParser(image.buffer(), image.offset(), image.length());
    parser.nextToken();
    return parser;
  }

  /** Copies the field whose name the parser is at; numbers keep all their digits. */
  private static void copyField(JsonParser parser, JsonGenerator out) throws IOException {
    int depth = 0;
    do {
      JsonToken token = parser.currentToken();
      if (token == JsonToken.VALUE_NUMBER_INT || token == JsonToken.VALUE_NUMBER_FLOAT) {
        out.writeNumber(parser.getText());
      } else {
        out.copyCurrentEvent(parser);
      }
      depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
      if (depth == 0 && token != JsonToken.FIELD_NAME) {
        return;
      }
    } while (parser.nextToken() != null);
  }

  private RowImages() {}
}
