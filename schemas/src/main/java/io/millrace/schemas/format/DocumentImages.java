package io.millrace.schemas.format;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.millrace.schemas.Image;
import io.millrace.schemas.ImageEncoding;
import io.millrace.schemas.Operation;
import io.millrace.schemas.RejectedRecordException;
import io.millrace.schemas.RejectedRecordException.Reason;
import io.millrace.schemas.contract.AnyCase;
import io.millrace.schemas.contract.ColumnContract;
import io.millrace.schemas.contract.ColumnType.Kind;
import io.millrace.schemas.contract.TableContract;
import java.util.Base64;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Makes row images of documents. A document is a row whose columns are the document's fields; a
 * field that a whole document does not have is null, one that a description of an update does not
 * name is unchanged. What is nested stays JSON.
 */
final class DocumentImages {
  private static final String IDENTIFIER = "_id";

  private final Map<String, ColumnContract> columns = new LinkedHashMap<>();
  private final boolean anyCase;

  DocumentImages(TableContract table) {
    anyCase = table.isCaseInsensitive();
    table.columns().stream()
        .filter(column -> !column.isDerived())
        .forEach(column -> columns.put(folded(column.physicalName()), column));
  }

  /** The row as it was, or null if the event does not say. */
  @Nullable Image before(DebeziumDocument document) {
    return document.before() == null ? null : whole(ExtendedJson.document(document.before()));
  }

  /**
   * The row as it is, or null if the event does not say.
   *
   * @throws RejectedRecordException if an update changed what is within a column
   */
  @Nullable Image after(DebeziumDocument document, Operation operation) {
    if (document.after() != null) {
      return whole(ExtendedJson.document(document.after()));
    }
    if (operation != Operation.UPDATE) {
      return null;
    }
    if (document.patch() != null) {
      return patched(ExtendedJson.document(document.patch()));
    }
    ObjectNode row = ExtendedJson.object();
    if (document.updatedFields() != null) {
      ExtendedJson.document(document.updatedFields())
          .fields()
          .forEachRemaining(field -> set(row, field.getKey(), field.getValue()));
    }
    document.removedFields().forEach(path -> set(row, path, NullNode.getInstance()));
    document.truncatedArrays().forEach(this::requireUnknown);
    return document.updatedFields() == null && row.isEmpty() ? null : image(row);
  }

  /**
   * The row that has the key.
   *
   * @param messageKey the message's key, whose column {@code id} is text that holds the identifier
   */
  @Nullable Image key(@Nullable Image messageKey, DebeziumDocument document) {
    if (messageKey != null) {
      JsonNode identifier = ExtendedJson.document(messageKey.json()).get("id");
      if (identifier != null) {
        ObjectNode row = ExtendedJson.object();
        set(row, IDENTIFIER, identifier.isTextual() ? held(identifier.asText()) : identifier);
        return image(row);
      }
    }
    return document.filter() == null ? null : whole(ExtendedJson.document(document.filter()));
  }

  /** The value that text holds, or the text itself if it holds none. */
  private static JsonNode held(String text) {
    try {
      return ExtendedJson.value(text);
    } catch (RejectedRecordException e) {
      return TextNode.valueOf(text);
    }
  }

  private Image whole(ObjectNode document) {
    ObjectNode row = ExtendedJson.object();
    Set<String> missing = new LinkedHashSet<>(columns.keySet());
    for (Map.Entry<String, JsonNode> field : document.properties()) {
      ColumnContract column = column(field.getKey());
      row.set(field.getKey(), plain(field.getValue(), column));
      missing.remove(folded(field.getKey()));
    }
    missing.forEach(name -> row.putNull(columns.get(name).physicalName()));
    return image(row);
  }

  /** A former update: a whole document, or what to set and to remove. */
  private Image patched(ObjectNode patch) {
    Iterator<String> names = patch.fieldNames();
    if (!names.hasNext() || !names.next().startsWith("$")) {
      return whole(patch);
    }
    ObjectNode row = ExtendedJson.object();
    for (Map.Entry<String, JsonNode> part : patch.properties()) {
      switch (part.getKey()) {
        case "$set" ->
            part.getValue()
                .fields()
                .forEachRemaining(field -> set(row, field.getKey(), field.getValue()));
        case "$unset" ->
            part.getValue()
                .fieldNames()
                .forEachRemaining(path -> set(row, path, NullNode.getInstance()));
        case "$v" -> {} // A version of no interest.
        default ->
            throw new RejectedRecordException(
                Reason.UNKNOWN_OPERATION,
                "the update's patch has " + part.getKey() + "; known are $set and $unset");
      }
    }
    return image(row);
  }

  private void set(ObjectNode row, String path, JsonNode value) {
    ColumnContract column = column(path);
    if (column != null || path.indexOf('.') < 0) {
      row.set(path, plain(value, column));
    } else {
      requireUnknown(path);
    }
  }

  /** Rejects a change within a column: what else the column holds is not told. */
  private void requireUnknown(String path) {
    int dot = path.indexOf('.');
    String name = dot < 0 ? path : path.substring(0, dot);
    if (column(name) != null) {
      throw new RejectedRecordException(
          Reason.BAD_VALUE,
          "column "
              + name
              + ": the update changed only "
              + path
              + " and the event has no document ('after'); set the connector's capture.mode to"
              + " change_streams_update_full");
    }
  }

  private @Nullable ColumnContract column(String name) {
    return columns.get(folded(name));
  }

  private String folded(String name) {
    return anyCase ? AnyCase.fold(name) : name;
  }

  private static JsonNode plain(JsonNode value, @Nullable ColumnContract column) {
    JsonNode plain = ExtendedJson.plain(value);
    if (column == null) {
      return plain;
    }
    Kind kind = column.type().kind();
    if (kind == Kind.BYTES && ExtendedJson.isBinary(value)) {
      return TextNode.valueOf(Base64.getEncoder().encodeToString(ExtendedJson.binary(value)));
    }
    // Text in a column of JSON would be taken for text that holds JSON.
    boolean isHeldByText = kind == Kind.TEXT ? plain.isContainerNode() : plain.isTextual();
    return isHeldByText && (kind == Kind.TEXT || kind == Kind.JSON)
        ? TextNode.valueOf(plain.toString())
        : plain;
  }

  private static Image image(ObjectNode row) {
    byte[] bytes = ExtendedJson.bytes(row);
    return Image.of(bytes, 0, bytes.length, ImageEncoding.CHANGES);
  }
}
