package io.millrace.transforms.lake;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.millrace.schemas.ImageEncoding;
import io.millrace.schemas.contract.ColumnContract;
import io.millrace.schemas.contract.EventContract;
import io.millrace.schemas.contract.TableContract;
import io.millrace.schemas.image.ImageWriter;
import io.millrace.schemas.image.JsonValues;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Makes of the rows of one file of business events JSON objects again, as {@link
 * io.millrace.schemas.format.EventReader} takes them.
 *
 * <p>Columns are found by their names in the lake, which are the contract's, else by those at the
 * source. One that the contract has no longer comes as one that it does not know; one that it
 * derives is left out, and derived again. What tells the event's type is added where the row does
 * not have it.
 */
final class EventEncoder {
  private static final JsonFactory JSON = new JsonFactory();
  private static final ObjectReader OBJECTS =
      JsonMapper.builder()
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .build()
          .readerFor(new TypeReference<Map<String, Object>>() {});

  private static final int LEFT_OUT = -1;
  private static final int UNKNOWN = -2;

  /** A schema's name may end so, and is without it what the event is called. */
  private static final String VALUE = ".Value";

  private final TableContract event;
  private final ChangeFileReader rows;
  private final ImageWriter values;

  /** By column of the file: its index in the contract, or one of the constants. */
  private final int[] columns;

  private final @Nullable String typeField;
  private final boolean inEnvelope;

  /**
   * Encodes the row that the file's reader is at.
   *
   * @param isOnly whether the contract has no other event
   */
  EventEncoder(TableContract event, boolean isOnly, ChangeFileReader rows) {
    this.event = event;
    this.rows = rows;
    this.values = new ImageWriter(event, ImageEncoding.EVENT);
    this.columns = rows.names().stream().mapToInt(this::column).toArray();
    String field = EventContract.typeField(event);
    this.typeField = field == null || hasColumn(field) ? null : field;
    this.inEnvelope = typeField == null && !(isOnly && field == null);
  }

  private int column(String name) {
    if (name.startsWith(LakeColumns.OWN_PREFIX)) {
      return LEFT_OUT;
    }
    List<ColumnContract> all = event.columns();
    for (int i = 0; i < all.size(); i++) {
      ColumnContract column = all.get(i);
      boolean isFormer =
          column.physicalName().equals(name) && !rows.names().contains(column.name());
      if (column.name().equals(name) || isFormer) {
        return column.isDerived() ? LEFT_OUT : i;
      }
    }
    return UNKNOWN;
  }

  private boolean hasColumn(String physicalName) {
    for (int column : columns) {
      if (column >= 0 && event.columns().get(column).physicalName().equals(physicalName)) {
        return true;
      }
    }
    return false;
  }

  /** The row's event, in UTF-8. */
  byte[] encode() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
    try (JsonGenerator json = JSON.createGenerator(bytes)) {
      json.writeStartObject();
      if (inEnvelope) {
        json.writeObjectFieldStart("schema");
        json.writeStringField("type", "struct");
        json.writeStringField("name", event.physicalName() + VALUE);
        json.writeEndObject();
        json.writeObjectFieldStart("payload");
      }
      writeFields(json);
    } catch (IOException e) {
      throw new IllegalStateException("A row of " + event.name() + " cannot be written", e);
    }
    return bytes.toByteArray();
  }

  private void writeFields(JsonGenerator json) throws IOException {
    if (typeField != null) {
      json.writeStringField(typeField, event.physicalName());
    }
    Map<String, Object> special = object(LakeColumns.SPECIAL);
    Map<String, Object> extra = object(LakeColumns.EXTRA);
    for (int i = 0; i < columns.length; i++) {
      String name = rows.names().get(i);
      Object value = special.getOrDefault(name, rows.value(i));
      if (columns[i] >= 0) {
        writeColumn(columns[i], value, extra, json);
      } else if (columns[i] == UNKNOWN && value != null) {
        json.writeFieldName(name);
        JsonValues.write(value, json);
      }
    }
    if (!extra.isEmpty()) {
      String object = ((String) rows.value(LakeColumns.EXTRA)).strip();
      // As it is, so that numbers stay as they were written.
      String separator = json.getOutputContext().hasCurrentIndex() ? "," : "";
      json.writeRaw(separator + object.substring(1, object.length() - 1));
    }
  }

  private void writeColumn(
      int index, @Nullable Object value, Map<String, Object> extra, JsonGenerator json)
      throws IOException {
    String name = event.columns().get(index).physicalName();
    // A column that the source renamed is null where its new name was not known yet.
    if (value != null || !extra.containsKey(name)) {
      json.writeFieldName(name);
      values.write(index, value, json);
    }
  }

  /** The fields of a column of JSON; none if it is null. */
  private Map<String, Object> object(String column) throws JsonProcessingException {
    String json = (String) rows.value(column);
    return json == null ? Map.of() : OBJECTS.readValue(json);
  }
}
