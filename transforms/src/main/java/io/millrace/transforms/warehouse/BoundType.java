package io.millrace.transforms.warehouse;

import io.millrace.schemas.contract.ColumnType;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.postgresql.core.Oid;
import org.postgresql.util.ByteConverter;

/**
 * A type of PostgreSQL in which values are bound, in its binary form: exact, and cheaper for both
 * sides than text. Types that are not here are bound as text, and cast.
 */
enum BoundType {
  BOOLEAN("boolean", Oid.BOOL, Oid.BOOL_ARRAY) {
    @Override
    void add(Object value, BinaryArray array) {
      array.addBoolean((Boolean) value);
    }
  },
  SMALLINT("smallint", Oid.INT2, Oid.INT2_ARRAY) {
    @Override
    void add(Object value, BinaryArray array) {
      array.addShort((Short) value);
    }
  },
  INTEGER("integer", Oid.INT4, Oid.INT4_ARRAY) {
    @Override
    void add(Object value, BinaryArray array) {
      array.addInt((Integer) value);
    }
  },
  BIGINT("bigint", Oid.INT8, Oid.INT8_ARRAY) {
    @Override
    void add(Object value, BinaryArray array) {
      array.addLong((Long) value);
    }
  },
  REAL("real", Oid.FLOAT4, Oid.FLOAT4_ARRAY) {
    @Override
    void add(Object value, BinaryArray array) {
      array.addInt(Float.floatToIntBits((Float) value));
    }
  },
  DOUBLE("double precision", Oid.FLOAT8, Oid.FLOAT8_ARRAY) {
    @Override
    void add(Object value, BinaryArray array) {
      array.addLong(Double.doubleToLongBits((Double) value));
    }
  },
  NUMERIC("numeric", Oid.NUMERIC, Oid.NUMERIC_ARRAY) {
    @Override
    void add(Object value, BinaryArray array) {
      array.addBytes(
          value instanceof BigDecimal number
              ? ByteConverter.numeric(number)
              : specialNumeric((Double) value));
    }
  },
  DATE("date", Oid.DATE, Oid.DATE_ARRAY) {
    @Override
    void add(Object value, BinaryArray array) {
      array.addInt(days((LocalDate) value));
    }
  },
  TIMESTAMP("timestamp without time zone", Oid.TIMESTAMP, Oid.TIMESTAMP_ARRAY) {
    @Override
    void add(Object value, BinaryArray array) {
      LocalDateTime time = (LocalDateTime) value;
      array.addLong(
          time.equals(LocalDateTime.MAX)
              ? Long.MAX_VALUE
              : time.equals(LocalDateTime.MIN)
                  ? Long.MIN_VALUE
                  : micros(time.toInstant(ZoneOffset.UTC)));
    }
  },
  TIMESTAMP_TZ("timestamp with time zone", Oid.TIMESTAMPTZ, Oid.TIMESTAMPTZ_ARRAY) {
    @Override
    void add(Object value, BinaryArray array) {
      Instant time = (Instant) value;
      array.addLong(
          time.equals(Instant.MAX)
              ? Long.MAX_VALUE
              : time.equals(Instant.MIN) ? Long.MIN_VALUE : micros(time));
    }
  },
  BYTES("bytea", Oid.BYTEA, Oid.BYTEA_ARRAY) {
    @Override
    void add(Object value, BinaryArray array) {
      array.addBytes((byte[]) value);
    }
  },
  TEXT("text", Oid.TEXT, Oid.TEXT_ARRAY) {
    @Override
    void add(Object value, BinaryArray array) {
      array.addText(PostgresValues.text(value));
    }
  };

  /** PostgreSQL counts from 2000-01-01. */
  private static final int EPOCH_DAY = 10_957;

  private static final long EPOCH_SECOND = EPOCH_DAY * 86_400L;
  private static final long MICROS_PER_SECOND = 1_000_000;

  private static final int NUMERIC_NAN = 0xC000;
  private static final int NUMERIC_POSITIVE_INFINITY = 0xD000;
  private static final int NUMERIC_NEGATIVE_INFINITY = 0xF000;

  private final String sql;
  private final int element;
  private final int array;

  BoundType(String sql, int element, int array) {
    this.sql = sql;
    this.element = element;
    this.array = array;
  }

  /** The type in which values of a contract's type are bound. */
  static BoundType of(ColumnType type) {
    return switch (type.kind()) {
      case BOOLEAN -> BOOLEAN;
      case SMALLINT -> SMALLINT;
      case INTEGER -> INTEGER;
      case BIGINT -> BIGINT;
      case REAL -> REAL;
      case DOUBLE -> DOUBLE;
      case DECIMAL -> NUMERIC;
      case DATE -> DATE;
      case TIMESTAMP -> TIMESTAMP;
      case TIMESTAMP_TZ -> TIMESTAMP_TZ;
      case BYTES -> BYTES;
      case TEXT, UUID, JSON, TIME, TIME_TZ, OPAQUE, ARRAY -> TEXT;
    };
  }

  /** Its name in a statement, as {@link PostgresTypes#cast} spells it. */
  String sql() {
    return sql;
  }

  /** The object id of an element's type. */
  int element() {
    return element;
  }

  /** The object id of the array's type. */
  int array() {
    return array;
  }

  /** Adds a value of the class that the column's kind states, or null. */
  final void addValue(@Nullable Object value, BinaryArray array) {
    if (value == null) {
      array.addNull();
    } else {
      add(value, array);
    }
  }

  abstract void add(Object value, BinaryArray array);

  /** Microseconds since PostgreSQL's epoch, rounded as it rounds. */
  static long micros(Instant time) {
    return (time.getEpochSecond() - EPOCH_SECOND) * MICROS_PER_SECOND
        + (long) Math.rint(time.getNano() / 1_000.0);
  }

  /** Microseconds since PostgreSQL's epoch, from those since 1970. */
  static long micros(long epochMicros) {
    return epochMicros == Timeline.BEGINNING
        ? Long.MIN_VALUE
        : epochMicros - EPOCH_SECOND * MICROS_PER_SECOND;
  }

  /** Microseconds since 1970, from those since PostgreSQL's epoch. */
  static long epochMicros(long micros) {
    return micros == Long.MIN_VALUE
        ? Timeline.BEGINNING
        : micros + EPOCH_SECOND * MICROS_PER_SECOND;
  }

  static int days(LocalDate date) {
    if (date.equals(LocalDate.MAX)) {
      return Integer.MAX_VALUE;
    }
    return date.equals(LocalDate.MIN)
        ? Integer.MIN_VALUE
        : Math.toIntExact(date.toEpochDay() - EPOCH_DAY);
  }

  /** No digits, no weight, a sign that says all, no scale. */
  static byte[] specialNumeric(double value) {
    int sign =
        Double.isNaN(value)
            ? NUMERIC_NAN
            : value > 0 ? NUMERIC_POSITIVE_INFINITY : NUMERIC_NEGATIVE_INFINITY;
    return new byte[] {0, 0, 0, 0, (byte) (sign >> 8), (byte) sign, 0, 0};
  }
}
