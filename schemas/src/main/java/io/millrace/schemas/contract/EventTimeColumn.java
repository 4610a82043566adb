package io.millrace.schemas.contract;

import com.google.auto.value.AutoValue;
import io.millrace.schemas.RejectedRecordException;
import io.millrace.schemas.RejectedRecordException.Reason;
import java.io.Serializable;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** A column that holds one of a business event's times, and how its values are to be understood. */
@AutoValue
public abstract class EventTimeColumn implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final long MICROS_PER_SECOND = 1_000_000;

  /** 10000-01-01T00:00:00Z: times are less, so that differences of two never overflow. */
  private static final long END_MICROS = 253_402_300_800L * MICROS_PER_SECOND;

  /** What whole numbers count since 1970-01-01T00:00:00Z. */
  public enum Unit {
    SECONDS(MICROS_PER_SECOND, 1),
    MILLIS(1_000, 1),
    MICROS(1, 1),
    NANOS(1, 1_000);

    private final long factor;
    private final long divisor;

    Unit(long factor, long divisor) {
      this.factor = factor;
      this.divisor = divisor;
    }

    static Optional<Unit> of(String name) {
      return Arrays.stream(values()).filter(unit -> unit.property().equals(name)).findFirst();
    }

    static String known() {
      return Arrays.stream(values()).map(Unit::property).collect(Collectors.joining(", "));
    }

    private String property() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** The column's index in {@link TableContract#columns()}. */
  public abstract int index();

  /** The column's name at the source. */
  public abstract String physicalName();

  /** What the values count where they are whole numbers. */
  public abstract Unit unit();

  /** Where the clocks hang that show the values, where these name no zone or offset. */
  public abstract ZoneId zone();

  /**
   * The time that a value of the column stands for, in microseconds since 1970-01-01T00:00:00Z,
   * rounded down. Of a time that a clock shows twice the earlier is taken; one that it leaps over
   * counts as so much later.
   *
   * @param value what the column was decoded to, see {@link ColumnType.Kind}
   * @throws RejectedRecordException if it is before 1970 or after 9999, or infinite
   */
  public final long micros(Object value) {
    try {
      long micros =
          value instanceof Instant instant
              ? micros(instant)
              : value instanceof LocalDateTime local
                  ? micros(finite(local).atZone(zone()).toInstant())
                  : Math.floorDiv(
                      Math.multiplyExact(((Number) value).longValue(), unit().factor),
                      unit().divisor);
      if (micros >= 0 && micros < END_MICROS) {
        return micros;
      }
    } catch (ArithmeticException e) {
      // Out of range, as below.
    }
    throw new RejectedRecordException(
        Reason.BAD_TIME,
        "column "
            + physicalName()
            + " is "
            + value
            + (value instanceof Number ? " " + unit().property() + " since 1970" : "")
            + "; an event's times are from 1970 to 9999");
  }

  private static long micros(Instant instant) {
    return Math.addExact(
        Math.multiplyExact(instant.getEpochSecond(), MICROS_PER_SECOND), instant.getNano() / 1_000);
  }

  private static LocalDateTime finite(LocalDateTime time) {
    if (time.equals(LocalDateTime.MAX) || time.equals(LocalDateTime.MIN)) {
      throw new ArithmeticException("infinite");
    }
    return time;
  }

  static EventTimeColumn of(int index, String physicalName, Unit unit, ZoneId zone) {
    return new AutoValue_EventTimeColumn(index, physicalName, unit, zone);
  }
}
