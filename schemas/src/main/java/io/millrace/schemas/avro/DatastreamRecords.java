package io.millrace.schemas.avro;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
import java.util.stream.Collectors;
import org.apache.avro.Schema;
import org.apache.avro.io.BinaryDecoder;

/**
 * Writes the records by which Datastream has types that Avro has not. A record is one of them if it
 * has both the name and the fields.
 *
 * @see <a href="https://cloud.google.com/datastream/docs/unified-types">Datastream's unified
 *     types</a>
 */
final class DatastreamRecords {
  private static final Map<String, Set<String>> FIELDS =
      Map.of(
          "timestampTz", Set.of("timestamp", "offset"),
          "datetime", Set.of("date", "time"),
          "calendarDate", Set.of("year", "month", "day"),
          "year", Set.of("year"),
          "interval", Set.of("months", "hours", "micros"),
          "intervalNano",
              Set.of("years", "months", "days", "hours", "minutes", "seconds", "nanos"));

  /**
   * Writes a record in its own way.
   *
   * @return false if it has none; nothing was read then
   */
  static boolean write(Schema schema, BinaryDecoder in, JsonGenerator json) throws IOException {
    if (!isOne(schema)) {
      return false;
    }
    Map<String, Long> parts = readNumbers(schema, in);
    try {
      json.writeString(text(schema, parts));
    } catch (DateTimeException | ArithmeticException e) {
      // Such as MySQL's date of zeros: whether a column takes it is not decided here.
      json.writeString(parts.toString());
    }
    return true;
  }

  private static String text(Schema schema, Map<String, Long> parts) {
    return switch (schema.getName()) {
      case "timestampTz" -> ReadableValues.instant(parts.get("timestamp")).toString();
      case "datetime" ->
          LocalDate.ofEpochDay(parts.get("date"))
              .atTime(LocalTime.ofNanoOfDay(Math.multiplyExact(parts.get("time"), 1_000L)))
              .toString();
      case "calendarDate" ->
          LocalDate.of(
                  Math.toIntExact(parts.get("year")),
                  Math.toIntExact(parts.get("month")),
                  Math.toIntExact(parts.get("day")))
              .toString();
      case "year" -> parts.get("year").toString();
      default -> interval(schema, parts);
    };
  }

  private static boolean isOne(Schema schema) {
    Set<String> fields = FIELDS.get(schema.getName());
    return fields != null
        && fields.equals(
            schema.getFields().stream().map(Schema.Field::name).collect(Collectors.toSet()))
        && schema.getFields().stream().allMatch(field -> isNumber(field.schema()));
  }

  private static boolean isNumber(Schema schema) {
    return switch (schema.getType()) {
      case INT, LONG -> true;
      case UNION ->
          schema.getTypes().stream()
              .allMatch(member -> member.getType() == Schema.Type.NULL || isNumber(member));
      default -> false;
    };
  }

  /** The fields' values; one that is null counts as 0. */
  private static Map<String, Long> readNumbers(Schema schema, BinaryDecoder in) throws IOException {
    Map<String, Long> numbers = new LinkedHashMap<>();
    for (Schema.Field field : schema.getFields()) {
      Schema type = field.schema();
      if (type.isUnion()) {
        type = AvroJson.at(type.getTypes(), in.readIndex());
      }
      numbers.put(
          field.name(),
          switch (type.getType()) {
            case INT -> (long) in.readInt();
            case LONG -> in.readLong();
            default -> 0L;
          });
    }
    return numbers;
  }

  /**
   * As PostgreSQL reads intervals; it knows no nanoseconds, so these are refused if there are any.
   */
  private static String interval(Schema schema, Map<String, Long> parts) {
    StringJoiner interval = new StringJoiner(" ");
    for (Schema.Field field : schema.getFields()) {
      long number = parts.get(field.name());
      String unit = field.name().equals("micros") ? "microseconds" : field.name();
      if (!unit.equals("nanos")) {
        interval.add(number + " " + unit);
      } else if (number % 1_000 == 0) {
        interval.add(number / 1_000 + " microseconds");
      } else {
        interval.add(number + " nanoseconds");
      }
    }
    return interval.toString();
  }

  private DatastreamRecords() {}
}
