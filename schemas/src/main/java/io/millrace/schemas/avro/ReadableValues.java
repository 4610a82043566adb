package io.millrace.schemas.avro;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.io.BinaryDecoder;

/**
 * Writes values of logical types, and of the records that Datastream has for want of some, so that
 * people and the neutral format read them: decimals as numbers, dates and times as ISO-8601.
 *
 * @see <a href="https://cloud.google.com/datastream/docs/unified-types">Datastream's unified
 *     types</a>
 */
final class ReadableValues implements AvroJson.Values {
  private static final long MICROS_PER_DAY = 86_400_000_000L;

  @Override
  public boolean write(Schema schema, AvroJson avro, BinaryDecoder in, JsonGenerator json)
      throws IOException {
    try {
      return switch (schema.getType()) {
        case RECORD -> DatastreamRecords.write(schema, in, json);
        case BYTES, FIXED -> writeDecimal(schema, avro, in, json);
        case INT, LONG -> writeTime(schema, in, json);
        case NULL, BOOLEAN, FLOAT, DOUBLE, STRING, ENUM, UNION, ARRAY, MAP -> false;
      };
    } catch (DateTimeException | ArithmeticException e) {
      throw new AvroRuntimeException("a value is out of range: " + e.getMessage());
    }
  }

  private static boolean writeDecimal(
      Schema schema, AvroJson avro, BinaryDecoder in, JsonGenerator json) throws IOException {
    boolean isDecimal = "decimal".equals(schema.getProp("logicalType"));
    if (isDecimal) {
      byte[] unscaled = avro.readBytes(schema, in);
      Object scale = schema.getObjectProp("scale");
      json.writeNumber(
          new BigDecimal(
              unscaled.length == 0 ? BigInteger.ZERO : new BigInteger(unscaled),
              scale instanceof Number number ? number.intValue() : 0));
    }
    return isDecimal;
  }

  private static boolean writeTime(Schema schema, BinaryDecoder in, JsonGenerator json)
      throws IOException {
    String type = schema.getProp("logicalType");
    if (type == null) {
      return false;
    }
    switch (type) {
      case "date" -> json.writeString(LocalDate.ofEpochDay(read(schema, in)).toString());
      case "time-millis" -> writeTime(Math.multiplyExact(read(schema, in), 1_000L), json);
      case "time-micros" -> writeTime(read(schema, in), json);
      case "timestamp-millis" ->
          json.writeString(Instant.ofEpochMilli(read(schema, in)).toString());
      case "timestamp-micros" -> json.writeString(instant(read(schema, in)).toString());
      case "local-timestamp-millis" ->
          json.writeString(local(Instant.ofEpochMilli(read(schema, in))));
      case "local-timestamp-micros" -> json.writeString(local(instant(read(schema, in))));
      default -> {
        return false;
      }
    }
    return true;
  }

  private static long read(Schema schema, BinaryDecoder in) throws IOException {
    return schema.getType() == Schema.Type.INT ? in.readInt() : in.readLong();
  }

  /** MySQL's times may be negative or longer than a day: those are intervals. */
  private static void writeTime(long micros, JsonGenerator json) throws IOException {
    if (micros < 0 || micros >= MICROS_PER_DAY) {
      json.writeNumber(micros);
    } else {
      json.writeString(LocalTime.ofNanoOfDay(micros * 1_000).toString());
    }
  }

  static Instant instant(long micros) {
    return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
  }

  private static String local(Instant time) {
    return LocalDateTime.ofInstant(time, ZoneOffset.UTC).toString();
  }
}
