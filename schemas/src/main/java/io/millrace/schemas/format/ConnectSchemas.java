package io.millrace.schemas.format;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.schemas.ImageEncoding;
import io.millrace.schemas.RejectedRecordException;
import io.millrace.schemas.RejectedRecordException.Reason;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * The schema blocks of Kafka Connect that were seen, by their bytes. A block of some kilobytes
 * comes with every event; comparing it with the last ones is a matter of nanoseconds, reading it is
 * not.
 */
final class ConnectSchemas {
  private static final int KEPT = 64;
  private static final ObjectMapper JSON = new ObjectMapper();

  /** A schema block and the encoding of images that follow from it. */
  static final class Known {
    private final byte[] bytes;
    private final ImageEncoding encoding;
    private final String name;

    private Known(byte[] bytes, ImageEncoding encoding, String name) {
      this.bytes = bytes;
      this.encoding = encoding;
      this.name = name;
    }

    /** The length of the block's bytes. */
    int length() {
      return bytes.length;
    }

    ImageEncoding encoding() {
      return encoding;
    }

    /** The schema's own name, or empty. */
    String name() {
      return name;
    }
  }

  private final ImageEncoding plain;
  private final List<Known> known = new ArrayList<>();

  /**
   * No schemas yet.
   *
   * @param plain the encoding of images whose schema tells nothing of their columns
   */
  ConnectSchemas(ImageEncoding plain) {
    this.plain = plain;
  }

  /** The known schema whose bytes begin here, or null; it is asked first next time. */
  @Nullable Known startingAt(byte[] buffer, int start, int end) {
    for (int i = 0; i < known.size(); i++) {
      Known candidate = known.get(i);
      int length = candidate.length();
      if (start + length <= end
          && Arrays.equals(buffer, start, start + length, candidate.bytes, 0, length)) {
        if (i > 0) {
          known.remove(i);
          known.add(0, candidate);
        }
        return candidate;
      }
    }
    return null;
  }

  /** Reads a schema block that is an object, and keeps it. */
  Known read(byte[] buffer, int start, int length) {
    Known seen = startingAt(buffer, start, start + length);
    if (seen != null && seen.length() == length) {
      return seen;
    }
    Known read;
    try {
      JsonNode schema = JSON.readTree(buffer, start, length);
      byte[] bytes = Arrays.copyOfRange(buffer, start, start + length);
      read = new Known(bytes, encoding(schema), schema.path("name").asText(""));
    } catch (JsonProcessingException e) {
      throw new RejectedRecordException(
          Reason.MALFORMED, "the schema block is not JSON: " + e.getOriginalMessage());
    } catch (IOException e) {
      throw new IllegalStateException("Reading from memory failed", e);
    }
    if (known.size() == KEPT) {
      known.remove(KEPT - 1);
    }
    known.add(0, read);
    return read;
  }

  /** The encoding by an envelope's schema (its row is the field after), or by a row's own. */
  private ImageEncoding encoding(JsonNode schema) {
    JsonNode row = schema;
    for (JsonNode field : schema.path("fields")) {
      String name = field.path("field").asText();
      if (name.equals("after") || name.equals("before")) {
        row = field;
      }
    }
    Map<String, String> columns = new HashMap<>();
    for (JsonNode field : row.path("fields")) {
      String name = field.path("name").asText("");
      if (name.isEmpty() && field.path("type").asText().equals("array")) {
        name = field.path("items").path("name").asText("");
      }
      if (!name.isEmpty()) {
        String scale = parameters(field).path("scale").asText("");
        columns.put(
            field.path("field").asText(), scale.matches("-?\\d{1,5}") ? name + ":" + scale : name);
      }
    }
    return columns.isEmpty() ? plain : ImageEncoding.of(plain.format(), columns);
  }

  private static JsonNode parameters(JsonNode field) {
    JsonNode own = field.path("parameters");
    return own.isMissingNode() ? field.path("items").path("parameters") : own;
  }
}
