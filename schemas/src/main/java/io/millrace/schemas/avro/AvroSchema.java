package io.millrace.schemas.avro;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.millrace.schemas.RejectedRecordException;
import io.millrace.schemas.RejectedRecordException.Reason;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.Map;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * An Avro schema, and what it tells of how columns are encoded, as the schema block of Kafka
 * Connect's JSON. Avro of Connect's converters names the encodings ({@code connect.name}); Avro of
 * others has logical types, which have the same meaning.
 *
 * @see <a href="https://avro.apache.org/docs/1.11.1/specification/">Avro's specification</a>
 * @see <a href="https://debezium.io/documentation/reference/stable/configuration/avro.html">Avro in
 *     Debezium</a>
 */
final class AvroSchema {
  private static final JsonFactory JSON = new JsonFactory();
  private static final String DECIMAL = "org.apache.kafka.connect.data.Decimal";

  /** An envelope's rows are two records deep. */
  private static final int DEEPEST_COLUMN = 3;

  private final Schema schema;
  private final byte[] connectSchema;

  private AvroSchema(Schema schema, byte[] connectSchema) {
    this.schema = schema;
    this.connectSchema = connectSchema;
  }

  /**
   * The schema that JSON describes.
   *
   * @throws RejectedRecordException if it is none
   */
  static AvroSchema parse(String json, long id) {
    try {
      Schema schema = new Schema.Parser().setValidateDefaults(false).parse(json);
      return new AvroSchema(schema, connectSchema(schema));
    } catch (AvroRuntimeException e) {
      throw new RejectedRecordException(
          Reason.MALFORMED, "the schema " + id + " is not Avro: " + e.getMessage());
    }
  }

  Schema schema() {
    return schema;
  }

  /** The schema block, as JSON in UTF-8. */
  byte[] connectSchema() {
    return connectSchema;
  }

  private static byte[] connectSchema(Schema schema) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator json = JSON.createGenerator(bytes)) {
      writeSchema(json, schema, null, 0);
    } catch (IOException e) {
      throw new UncheckedIOException("Writing to memory failed", e);
    }
    return bytes.toByteArray();
  }

  private static void writeSchema(
      JsonGenerator json, Schema given, @Nullable String field, int depth) throws IOException {
    Schema schema = withoutNull(given);
    json.writeStartObject();
    json.writeStringField("type", schema.getType().name().toLowerCase(Locale.ROOT));
    String encoding = encoding(schema);
    if (encoding != null) {
      json.writeStringField("name", encoding);
    }
    Object scale = scale(schema);
    if (scale != null) {
      json.writeObjectFieldStart("parameters");
      json.writeStringField("scale", scale.toString());
      json.writeEndObject();
    }
    if (schema.getType() == Schema.Type.ARRAY) {
      json.writeFieldName("items");
      writeSchema(json, schema.getElementType(), null, DEEPEST_COLUMN);
    }
    if (schema.getType() == Schema.Type.RECORD && depth < DEEPEST_COLUMN) {
      json.writeArrayFieldStart("fields");
      for (Schema.Field column : schema.getFields()) {
        writeSchema(json, column.schema(), column.name(), depth + 1);
      }
      json.writeEndArray();
    }
    if (field != null) {
      json.writeStringField("field", field);
    }
    json.writeEndObject();
  }

  /** The one schema that a union has beside null; or the union itself, if it has several. */
  private static Schema withoutNull(Schema schema) {
    if (!schema.isUnion()) {
      return schema;
    }
    Schema only = null;
    for (Schema member : schema.getTypes()) {
      if (member.getType() != Schema.Type.NULL) {
        if (only != null) {
          return schema;
        }
        only = member;
      }
    }
    return only == null ? schema : only;
  }

  private static @Nullable String encoding(Schema schema) {
    String connectName = schema.getProp("connect.name");
    if (connectName != null || schema.getLogicalType() == null) {
      return connectName;
    }
    return switch (schema.getLogicalType().getName()) {
      case "decimal" -> DECIMAL;
      case "date" -> "io.debezium.time.Date";
      case "time-millis" -> "io.debezium.time.Time";
      case "time-micros" -> "io.debezium.time.MicroTime";
      case "timestamp-millis", "local-timestamp-millis" -> "io.debezium.time.Timestamp";
      case "timestamp-micros", "local-timestamp-micros" -> "io.debezium.time.MicroTimestamp";
      case "timestamp-nanos", "local-timestamp-nanos" -> "io.debezium.time.NanoTimestamp";
      default -> null;
    };
  }

  private static @Nullable Object scale(Schema schema) {
    if (schema.getLogicalType() instanceof LogicalTypes.Decimal decimal) {
      return decimal.getScale();
    }
    return schema.getObjectProp("connect.parameters") instanceof Map<?, ?> parameters
        ? parameters.get("scale")
        : null;
  }
}
