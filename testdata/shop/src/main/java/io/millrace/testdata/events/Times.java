package io.millrace.testdata.events;

import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;

/** Cells of dates and times. */
final class Times {

  /** A date, written as days since 1970. */
  record Day() implements Cell {
    private static LocalDate value(long bits) {
      return LocalDate.of(1950, 1, 1).plusDays(Long.remainderUnsigned(bits, 30_000));
    }

    @Override
    public void debezium(StringBuilder out, long bits) {
      out.append(value(bits).toEpochDay());
    }

    @Override
    public void neutral(StringBuilder out, long bits) {
      out.append('"').append(value(bits)).append('"');
    }

    @Override
    public String text(long bits) {
      return value(bits).toString();
    }
  }

  /** A moment with microseconds, written in ISO-8601. */
  record Moment() implements Cell {
    @Override
    public void debezium(StringBuilder out, long bits) {
      out.append('"').append(Bits.moment(bits, 1_000)).append('"');
    }

    @Override
    public String text(long bits) {
      return Bits.postgres(Bits.moment(bits, 1_000).atOffset(ZoneOffset.UTC).toLocalDateTime())
          + "+00";
    }
  }

  /** A date and time with milliseconds and without zone, written as milliseconds since 1970. */
  record LocalMoment() implements Cell {
    private static LocalDateTime value(long bits) {
      return Bits.moment(bits, 1_000_000).atOffset(ZoneOffset.UTC).toLocalDateTime();
    }

    @Override
    public void debezium(StringBuilder out, long bits) {
      out.append(Bits.moment(bits, 1_000_000).toEpochMilli());
    }

    @Override
    public void neutral(StringBuilder out, long bits) {
      out.append('"').append(value(bits)).append('"');
    }

    @Override
    public String text(long bits) {
      return Bits.postgres(value(bits));
    }
  }

  private Times() {}
}
