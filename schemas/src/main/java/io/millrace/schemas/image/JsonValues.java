package io.millrace.schemas.image;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.beam.sdk.schemas.Schema;
import org.apache.beam.sdk.values.Row;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.joda.time.ReadableInstant;

/**
 * Writes values in the JSON of the neutral format: numbers with all their digits, times in
 * ISO-8601, bytes in base64, lists and rows as JSON; what is not a number, or infinite, as text.
 * Takes the classes that {@link io.millrace.schemas.contract.ColumnType.Kind} states, and those of
 * Beam's rows.
 */
public final class JsonValues {
  private static final JsonFactory JSON = new JsonFactory();
  private static final Set<Object> INFINITE = Set.of(LocalDate.MAX, LocalDateTime.MAX, Instant.MAX);
  private static final Set<Object> MINUS_INFINITE =
      Set.of(LocalDate.MIN, LocalDateTime.MIN, Instant.MIN);

  /** Writes a value where the generator is. */
  public static void write(@Nullable Object value, JsonGenerator json) throws IOException {
    if (value == null) {
      json.writeNull();
    } else if (value instanceof Boolean flag) {
      json.writeBoolean(flag);
    } else if (value instanceof BigDecimal decimal) {
      json.writeNumber(decimal.toPlainString());
    } else if (value instanceof Double || value instanceof Float) {
      writeFloating((Number) value, json);
    } else if (value instanceof Number number) {
      json.writeNumber(number.longValue());
    } else if (value instanceof ReadableInstant time) {
      json.writeString(org.joda.time.Instant.ofEpochMilli(time.getMillis()).toString());
    } else if (value instanceof byte[] binary) {
      json.writeBinary(binary);
    } else if (value instanceof Iterable<?> values) {
      json.writeStartArray();
      for (Object each : values) {
        write(each, json);
      }
      json.writeEndArray();
    } else if (value instanceof Map<?, ?> map) {
      json.writeStartObject();
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        json.writeFieldName(String.valueOf(entry.getKey()));
        write(entry.getValue(), json);
      }
      json.writeEndObject();
    } else if (value instanceof Row nested) {
      writeRow(nested, json);
    } else {
      json.writeString(text(value));
    }
  }

  /** A value as JSON. */
  public static String toJson(@Nullable Object value) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(text)) {
      write(value, json);
    } catch (IOException e) {
      throw new IllegalStateException("A value could not be written as JSON", e);
    }
    return text.toString();
  }

  private static void writeRow(Row row, JsonGenerator json) throws IOException {
    json.writeStartObject();
    List<Schema.Field> fields = row.getSchema().getFields();
    for (int i = 0; i < fields.size(); i++) {
      json.writeFieldName(fields.get(i).getName());
      write(row.getValue(i), json);
    }
    json.writeEndObject();
  }

  private static void writeFloating(Number number, JsonGenerator json) throws IOException {
    if (Double.isFinite(number.doubleValue())) {
      json.writeNumber(number.toString());
    } else {
      json.writeString(number.toString());
    }
  }

  /** Times of java.time write themselves as ISO-8601. */
  private static String text(Object value) {
    return INFINITE.contains(value)
        ? "infinity"
        : MINUS_INFINITE.contains(value) ? "-infinity" : value.toString();
  }

  private JsonValues() {}
}
