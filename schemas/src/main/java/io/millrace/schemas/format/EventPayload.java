package io.millrace.schemas.format;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.millrace.schemas.Image;
import io.millrace.schemas.ImageEncoding;
import io.millrace.schemas.RejectedRecordException;
import io.millrace.schemas.RejectedRecordException.Reason;
import io.millrace.schemas.wire.JsonScanner;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Finds the business event in a record: the whole JSON object, or the payload beside a schema block
 * of Kafka Connect. Used again for record after record.
 */
final class EventPayload {
  private static final byte[] ENVELOPE = "{\"schema\":".getBytes(StandardCharsets.UTF_8);

  private final ConnectRows rows = new ConnectRows(ImageEncoding.EVENT);
  private final JsonScanner scanner = new JsonScanner();
  private @Nullable Image image;
  private @Nullable String schemaName;

  /**
   * Takes a record's value.
   *
   * @return false if it holds nothing
   * @throws RejectedRecordException if it is no JSON, or what its schema describes is no object
   */
  boolean take(byte[] buffer, int start, int length) {
    image = null;
    schemaName = null;
    if (length <= 0) {
      return false;
    }
    Json.requireText(buffer, start, length);
    if (!isEnvelope(buffer, start, length)) {
      image = Image.of(buffer, start, length, ImageEncoding.EVENT);
      return true;
    }
    try {
      KeyedReader.Content content = rows.content(buffer, start, length);
      if (content.scalar() != null) {
        throw new RejectedRecordException(Reason.MALFORMED, "the payload is not a JSON object");
      }
      image = content.image();
      schemaName = content.table();
    } catch (IOException e) {
      throw Json.rejection(e);
    }
    return image != null;
  }

  private static boolean isEnvelope(byte[] buffer, int start, int length) {
    return length > ENVELOPE.length
        && Arrays.equals(buffer, start, start + ENVELOPE.length, ENVELOPE, 0, ENVELOPE.length);
  }

  /** The event's columns; there are some only after {@link #take} found them. */
  Image image() {
    if (image == null) {
      throw new IllegalStateException("No record was taken that holds something");
    }
    return image;
  }

  /** What the schema calls the event; null if there is no schema, or it has no name. */
  @Nullable String schemaName() {
    return schemaName;
  }

  /** The text, or the number, in a field of the event; null if it has no such. */
  @Nullable String field(String name) {
    scanner.reset(image().buffer(), image().offset(), image().length());
    if (scanner.take('{')) {
      do {
        if (!scanner.name()) {
          break;
        }
        boolean isWanted = name.equals(scanner.copyText());
        int value = scanner.position();
        if (!isWanted && scanner.skip()) {
          continue;
        }
        if (isWanted && scanner.text()) {
          return scanner.copyText();
        }
        scanner.seek(value);
        break;
      } while (scanner.take(','));
    }
    return parsedField(name);
  }

  private @Nullable String parsedField(String name) {
    Image event = image();
    try (JsonParser parser = Json.parser(event.buffer(), event.offset(), event.length())) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return null;
      }
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        boolean isWanted = name.equals(parser.currentName());
        parser.nextToken();
        if (isWanted) {
          return Json.scalar(parser);
        }
        parser.skipChildren();
      }
      return null;
    } catch (IOException e) {
      throw Json.rejection(e);
    }
  }
}
