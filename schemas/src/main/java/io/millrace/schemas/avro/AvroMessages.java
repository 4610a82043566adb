package io.millrace.schemas.avro;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.millrace.schemas.Origin;
import io.millrace.schemas.RecordBlock;
import io.millrace.schemas.RejectedRecordException;
import io.millrace.schemas.RejectedRecordException.Reason;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * Turns records whose keys or values are in Avro, and name their schema by its number in a
 * registry, into Kafka Connect's JSON with its schema block. A key or value that is not Avro stays
 * as it is. An instance is used by one thread at a time.
 *
 * <p>Avro begins with a zero byte and the number, four bytes long (Confluent's converters, and
 * those of Apicurio from 3.0 on) or eight (Apicurio's until then), whose first four are zero. No
 * registry gives the number 0, so the two are told apart.
 *
 * <p>Schemas are asked for once, and kept; that there is none, for a minute.
 *
 * @see <a
 *     href="https://docs.confluent.io/platform/current/schema-registry/fundamentals/serdes-develop/index.html#wire-format">
 *     Confluent's wire format</a>
 */
public final class AvroMessages {
  private static final JsonFactory JSON = new JsonFactory();
  private static final byte[] SCHEMA = "{\"schema\":".getBytes(StandardCharsets.UTF_8);
  private static final byte[] PAYLOAD = ",\"payload\":".getBytes(StandardCharsets.UTF_8);
  private static final int SHORT_HEADER = 1 + Integer.BYTES;
  private static final int LONG_HEADER = 1 + Long.BYTES;
  private static final long UNKNOWN_NANOS = Duration.ofMinutes(1).toNanos();

  private final SchemaRegistry.Schemas registry;
  private final AvroJson avro = new AvroJson();
  private final Map<Long, AvroSchema> schemas = new HashMap<>();
  private final Map<Long, Long> unknownSince = new HashMap<>();

  /** Turns what names schemas of this registry. */
  public AvroMessages(SchemaRegistry registry) {
    this.registry = registry.open();
  }

  /**
   * The record in JSON, at the same place: a cursor of its own, or the given one where nothing of
   * the record is Avro.
   *
   * @throws RejectedRecordException if the record is not Avro of its schema, or the registry has no
   *     such schema
   * @throws SchemaRegistryException if the registry cannot be asked
   */
  public RecordBlock.Cursor json(RecordBlock.Cursor record) {
    byte[] bytes = record.buffer();
    boolean keyIsAvro = record.hasKey() && isAvro(bytes, record.keyStart(), record.keyLength());
    boolean valueIsAvro =
        record.hasValue() && isAvro(bytes, record.valueStart(), record.valueLength());
    if (!keyIsAvro && !valueIsAvro) {
      return record;
    }
    byte[] key = keyIsAvro ? json(bytes, record.keyStart(), record.keyLength()) : record.copyKey();
    byte[] value =
        valueIsAvro ? json(bytes, record.valueStart(), record.valueLength()) : record.copyValue();
    Origin origin = record.origin();
    RecordBlock.Writer block = new RecordBlock.Writer(64 + (value == null ? 0 : value.length));
    block.add(
        origin.offset(),
        origin.line(),
        record.timestampMillis(),
        key,
        value,
        0,
        value == null ? 0 : value.length);
    RecordBlock.Cursor cursor =
        RecordBlock.of(origin.source(), origin.partition(), block.take()).records();
    cursor.next();
    return cursor;
  }

  private static boolean isAvro(byte[] bytes, int start, int length) {
    return length >= SHORT_HEADER && bytes[start] == 0;
  }

  private byte[] json(byte[] bytes, int start, int length) {
    ByteBuffer header = ByteBuffer.wrap(bytes, start + 1, length - 1);
    long id = Integer.toUnsignedLong(header.getInt());
    int headerLength = SHORT_HEADER;
    if (id == 0 && length >= LONG_HEADER) {
      id = Integer.toUnsignedLong(header.getInt());
      headerLength = LONG_HEADER;
    }
    AvroSchema schema = schema(id);
    ByteArrayOutputStream out =
        new ByteArrayOutputStream(schema.connectSchema().length + 4 * length);
    try {
      out.write(SCHEMA);
      out.write(schema.connectSchema());
      out.write(PAYLOAD);
      try (JsonGenerator json = JSON.createGenerator(out)) {
        avro.write(schema.schema(), bytes, start + headerLength, length - headerLength, json);
      }
      out.write('}');
    } catch (IOException e) {
      throw new RejectedRecordException(
          Reason.MALFORMED, "not Avro of the schema " + id + ": " + e.getMessage());
    }
    return out.toByteArray();
  }

  private AvroSchema schema(long id) {
    AvroSchema known = schemas.get(id);
    if (known == null) {
      known = AvroSchema.parse(ask(id), id);
      schemas.put(id, known);
    }
    return known;
  }

  private String ask(long id) {
    Long since = unknownSince.get(id);
    if (since == null || System.nanoTime() - since > UNKNOWN_NANOS) {
      String json = registry.find(id);
      if (json != null) {
        return json;
      }
      unknownSince.put(id, System.nanoTime());
    }
    throw new RejectedRecordException(
        Reason.MALFORMED, "the schema registry has no schema " + id + ", which the record names");
  }
}
