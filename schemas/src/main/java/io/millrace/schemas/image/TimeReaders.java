package io.millrace.schemas.image;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.millrace.schemas.contract.ColumnType;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Set;
import java.util.function.Function;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Readers of dates and times: numbers of days, milli-, micro- or nanoseconds since the epoch or
 * midnight, or ISO-8601.
 *
 * @see <a href="https://debezium.io/documentation/reference/stable/connectors/postgresql.html">
 *     Debezium's temporal types</a>
 */
final class TimeReaders {
  private static final LocalDate FIRST_DATE = LocalDate.of(-4712, 1, 1);
  private static final LocalDate LAST_DATE = LocalDate.of(5_874_897, 12, 31);
  private static final int LAST_TIMESTAMP_YEAR = 294_276;

  /** PostgreSQL takes offsets below 16 hours, Java up to 18. */
  private static final int OFFSET_LIMIT_SECONDS = 16 * 3_600;

  /**
   * PostgreSQL's infinities as its JDBC driver has them. Debezium writes them as so many
   * microseconds, a thousandth as milliseconds, and the ends of a long as nanoseconds.
   */
  private static final long POSITIVE_INFINITY = 9_223_372_036_825_200_000L;

  private static final long NEGATIVE_INFINITY = -9_223_372_036_832_400_000L;

  /**
   * What Debezium 3.6 makes of an infinite date, in a snapshot and from the log: days that
   * overflowed an int. No date of PostgreSQL's is near.
   */
  private static final Set<Long> POSITIVE_INFINITY_DAYS = Set.of(-622_191_234L, -2_147_472_692L);

  private static final Set<Long> NEGATIVE_INFINITY_DAYS = Set.of(-625_821_272L, -2_147_472_691L);

  /** How many of a unit are in a second. */
  private enum Unit {
    DAYS(0),
    MILLIS(1_000),
    MICROS(1_000_000),
    NANOS(1_000_000_000);

    private final long perSecond;

    Unit(long perSecond) {
      this.perSecond = perSecond;
    }
  }

  /**
   * The unit of numbers in a column.
   *
   * @param encoding the name of the encoding, or empty where no event or contract tells it
   * @param mode Debezium's time.precision.mode
   */
  private static Unit unit(ColumnType type, String encoding, String mode) {
    return switch (encoding) {
      case "io.debezium.time.Date", "org.apache.kafka.connect.data.Date" -> Unit.DAYS;
      case "io.debezium.time.Time",
          "io.debezium.time.Timestamp",
          "org.apache.kafka.connect.data.Time",
          "org.apache.kafka.connect.data.Timestamp" ->
          Unit.MILLIS;
      case "io.debezium.time.MicroTime", "io.debezium.time.MicroTimestamp" -> Unit.MICROS;
      case "io.debezium.time.NanoTime", "io.debezium.time.NanoTimestamp" -> Unit.NANOS;
      default -> unit(type, mode);
    };
  }

  private static Unit unit(ColumnType type, String mode) {
    boolean coarse = type.precision() != ColumnType.UNSTATED && type.precision() <= 3;
    boolean time = type.kind() == ColumnType.Kind.TIME;
    return switch (mode) {
      case "connect" -> Unit.MILLIS;
      case "microseconds" -> Unit.MICROS;
      case "nanoseconds" -> Unit.NANOS;
      case "adaptive_time_microseconds" -> time || !coarse ? Unit.MICROS : Unit.MILLIS;
      default -> coarse ? Unit.MILLIS : type.precision() > 6 ? Unit.NANOS : Unit.MICROS;
    };
  }

  /** How many of the unit that a column's numbers count are in a second; 0 where they are days. */
  static long perSecond(ColumnType type, String encoding, String mode) {
    boolean days = type.kind() == ColumnType.Kind.DATE && encoding.isEmpty();
    return days ? 0 : unit(type, encoding, mode).perSecond;
  }

  static ValueReader dates(ColumnType type, String encoding, String mode) {
    boolean days = encoding.isEmpty() || unit(type, encoding, mode) == Unit.DAYS;
    Unit unit = unit(type, encoding, mode);
    return (parser, keep) -> {
      if (!isNumber(parser)) {
        return parse(parser, TimeReaders::date);
      }
      long number = NumberReaders.integer(parser);
      return days ? date(number) : date(number, unit);
    };
  }

  private static LocalDate date(long days) {
    if (days == Integer.MAX_VALUE || POSITIVE_INFINITY_DAYS.contains(days)) {
      return LocalDate.MAX;
    }
    if (days == Integer.MIN_VALUE || NEGATIVE_INFINITY_DAYS.contains(days)) {
      return LocalDate.MIN;
    }
    if (days < FIRST_DATE.toEpochDay() || days > LAST_DATE.toEpochDay()) {
      throw BadValueException.of(
          Long.toString(days), "days since 1970-01-01 is out of the range of date");
    }
    return LocalDate.ofEpochDay(days);
  }

  private static LocalDate date(long number, Unit unit) {
    LocalDateTime time = timestamp(number, unit);
    return time.equals(LocalDateTime.MAX)
        ? LocalDate.MAX
        : time.equals(LocalDateTime.MIN) ? LocalDate.MIN : time.toLocalDate();
  }

  private static LocalDate date(String text) {
    Boolean infinite = infinite(text);
    if (infinite != null) {
      return infinite ? LocalDate.MAX : LocalDate.MIN;
    }
    int time = text.indexOf('T', 1);
    LocalDate date =
        LocalDate.parse(time > 0 ? text.substring(0, time) : text, DateTimeFormatter.ISO_DATE);
    if (date.isBefore(FIRST_DATE) || date.isAfter(LAST_DATE)) {
      throw BadValueException.of(text, "is out of the range of date");
    }
    return date;
  }

  static ValueReader times(ColumnType type, String encoding, String mode) {
    Unit unit = unit(type, encoding, mode);
    return (parser, keep) -> {
      if (!isNumber(parser)) {
        return parse(
            parser,
            text ->
                LocalTime.parse(text.endsWith("Z") ? text.substring(0, text.length() - 1) : text));
      }
      long number = NumberReaders.integer(parser);
      if (unit == Unit.DAYS) {
        throw BadValueException.of(Long.toString(number), "is a date, not a time of day");
      }
      long nanos = number * (1_000_000_000L / unit.perSecond);
      if (number < 0 || number > 86_400 * unit.perSecond || nanos > LocalTime.MAX.toNanoOfDay()) {
        throw BadValueException.of(
            Long.toString(number),
            "is not a time of day; a duration is of type interval in the contract");
      }
      return LocalTime.ofNanoOfDay(nanos);
    };
  }

  static Object readZonedTime(JsonParser parser, boolean keep) throws IOException {
    if (isNumber(parser)) {
      throw BadValueException.of(parser.getText(), "is a number, not a time with an offset");
    }
    return parse(
        parser,
        text -> {
          OffsetTime time = OffsetTime.parse(text);
          if (Math.abs(time.getOffset().getTotalSeconds()) >= OFFSET_LIMIT_SECONDS) {
            throw BadValueException.of(text, "has an offset that is out of the range of timetz");
          }
          return time;
        });
  }

  static ValueReader timestamps(ColumnType type, String encoding, String mode) {
    Unit unit = unit(type, encoding, mode);
    return (parser, keep) ->
        isNumber(parser)
            ? timestamp(NumberReaders.integer(parser), unit)
            : parse(parser, TimeReaders::timestamp);
  }

  static ValueReader instants(ColumnType type, String encoding, String mode) {
    ValueReader timestamps = timestamps(type, encoding, mode);
    return (parser, keep) -> {
      LocalDateTime time = (LocalDateTime) timestamps.read(parser, keep);
      return time.equals(LocalDateTime.MAX)
          ? Instant.MAX
          : time.equals(LocalDateTime.MIN) ? Instant.MIN : time.toInstant(ZoneOffset.UTC);
    };
  }

  private static LocalDateTime timestamp(long number, Unit unit) {
    if (unit == Unit.DAYS) {
      return date(number).atStartOfDay();
    }
    Boolean infinite = infinite(number, unit);
    if (infinite != null) {
      return infinite ? LocalDateTime.MAX : LocalDateTime.MIN;
    }
    long seconds = Math.floorDiv(number, unit.perSecond);
    long fraction = Math.floorMod(number, unit.perSecond) * (1_000_000_000L / unit.perSecond);
    try {
      return inRange(LocalDateTime.ofEpochSecond(seconds, (int) fraction, ZoneOffset.UTC));
    } catch (DateTimeException e) {
      throw BadValueException.of(Long.toString(number), "is out of the range of timestamp");
    }
  }

  private static @Nullable Boolean infinite(long number, Unit unit) {
    long scale = unit == Unit.MILLIS ? 1_000 : 1;
    if (number == POSITIVE_INFINITY || number == POSITIVE_INFINITY / scale) {
      return Boolean.TRUE;
    }
    if (number == NEGATIVE_INFINITY || number == NEGATIVE_INFINITY / scale) {
      return Boolean.FALSE;
    }
    boolean end = number == Long.MAX_VALUE || number == Long.MIN_VALUE;
    return (unit == Unit.NANOS && end) ? (Boolean) (number > 0) : null;
  }

  private static LocalDateTime timestamp(String written) {
    LocalDateTime usual = UsualTimestamp.parse(written);
    if (usual != null) {
      return inRange(usual);
    }
    Boolean infinite = infinite(written);
    if (infinite != null) {
      return infinite ? LocalDateTime.MAX : LocalDateTime.MIN;
    }
    String text = withT(written);
    int time = text.indexOf('T', 1);
    if (time < 0) {
      return inRange(LocalDate.parse(text).atStartOfDay());
    }
    boolean zoned =
        text.endsWith("Z") || text.indexOf('+', time) > 0 || text.indexOf('-', time) > 0;
    return inRange(
        zoned
            ? OffsetDateTime.parse(text).withOffsetSameInstant(ZoneOffset.UTC).toLocalDateTime()
            : LocalDateTime.parse(text));
  }

  /** MySQL writes a blank between date and time, GoldenGate may write a colon. */
  private static String withT(String text) {
    boolean other = text.length() > 10 && (text.charAt(10) == ' ' || text.charAt(10) == ':');
    return other ? text.substring(0, 10) + "T" + text.substring(11) : text;
  }

  private static LocalDateTime inRange(LocalDateTime time) {
    if (time.getYear() < FIRST_DATE.getYear() || time.getYear() > LAST_TIMESTAMP_YEAR) {
      throw BadValueException.of(time.toString(), "is out of the range of timestamp");
    }
    return time;
  }

  private static @Nullable Boolean infinite(String text) {
    return switch (text) {
      // The last are Debezium's, with time.precision.mode=isostring.
      case "infinity", "Infinity", "+294247-01-10T04:00:25.2Z" -> Boolean.TRUE;
      case "-infinity", "-Infinity", "-290308-12-21T19:59:27.6Z" -> Boolean.FALSE;
      default -> null;
    };
  }

  private static boolean isNumber(JsonParser parser) {
    return parser.currentToken() == JsonToken.VALUE_NUMBER_INT;
  }

  private static Object parse(JsonParser parser, Function<String, Object> form) throws IOException {
    if (parser.currentToken() != JsonToken.VALUE_STRING) {
      throw new BadValueException("a date or time is a whole number or ISO-8601 text");
    }
    String text = parser.getText();
    try {
      return form.apply(text);
    } catch (DateTimeException e) {
      throw BadValueException.of(text, "is not an ISO-8601 date or time of the column's type");
    }
  }

  private TimeReaders() {}
}
