package io.millrace.transforms.lake;

import io.millrace.schemas.contract.ColumnType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.ConversionPatterns;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeUnit;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Types;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Writes the values of one column.
 *
 * @param type the column as Parquet has it, by the column's name
 * @param fit brings a value to the form it is written in; null if Parquet's type cannot hold it
 * @param write writes a value of that form
 */
record ColumnWriter(
    Function<String, Type> type,
    Function<Object, @Nullable Object> fit,
    BiConsumer<RecordConsumer, Object> write) {
  private static final int MOST_DIGITS = 38;
  private static final int INT_DIGITS = 9;
  private static final int LONG_DIGITS = 18;
  private static final int MICRO = 1_000;

  static final ColumnWriter TEXT =
      of(
          PrimitiveTypeName.BINARY,
          LogicalTypeAnnotation.stringType(),
          value -> Binary.fromString(value.toString()),
          ColumnWriter::binary);
  static final ColumnWriter JSON =
      of(
          PrimitiveTypeName.BINARY,
          LogicalTypeAnnotation.jsonType(),
          value -> Binary.fromString(value.toString()),
          ColumnWriter::binary);
  static final ColumnWriter BYTES =
      of(
          PrimitiveTypeName.BINARY,
          null,
          value -> Binary.fromConstantByteArray((byte[]) value),
          ColumnWriter::binary);
  static final ColumnWriter LONG =
      of(PrimitiveTypeName.INT64, null, ColumnWriter::toLong, ColumnWriter::longs);
  static final ColumnWriter INTEGER =
      of(PrimitiveTypeName.INT32, null, ColumnWriter::toInt, ColumnWriter::ints);

  /** Microseconds since 1970-01-01T00:00:00Z. */
  static final ColumnWriter MICROS =
      of(
          PrimitiveTypeName.INT64,
          LogicalTypeAnnotation.timestampType(true, TimeUnit.MICROS),
          value -> value,
          ColumnWriter::longs);

  static final ColumnWriter TEXTS = array(TEXT, false);

  /** The writer of a contract's type. */
  static ColumnWriter of(ColumnType type) {
    return switch (type.kind()) {
      case BOOLEAN ->
          of(
              PrimitiveTypeName.BOOLEAN,
              null,
              value -> value,
              (out, value) -> out.addBoolean((Boolean) value));
      case SMALLINT ->
          of(
              PrimitiveTypeName.INT32,
              LogicalTypeAnnotation.intType(16, true),
              ColumnWriter::toInt,
              ColumnWriter::ints);
      case INTEGER -> INTEGER;
      case BIGINT -> LONG;
      case DECIMAL -> decimal(type);
      case REAL ->
          of(
              PrimitiveTypeName.FLOAT,
              null,
              value -> value,
              (out, value) -> out.addFloat((Float) value));
      case DOUBLE ->
          of(
              PrimitiveTypeName.DOUBLE,
              null,
              value -> value,
              (out, value) -> out.addDouble((Double) value));
      case TEXT, OPAQUE, TIME_TZ -> TEXT;
      case UUID -> uuid();
      case JSON -> JSON;
      case BYTES -> BYTES;
      case DATE ->
          of(
              PrimitiveTypeName.INT32,
              LogicalTypeAnnotation.dateType(),
              ColumnWriter::days,
              ColumnWriter::ints);
      case TIME ->
          of(
              PrimitiveTypeName.INT64,
              LogicalTypeAnnotation.timeType(false, TimeUnit.MICROS),
              ColumnWriter::microsOfDay,
              ColumnWriter::longs);
      case TIMESTAMP ->
          of(
              PrimitiveTypeName.INT64,
              LogicalTypeAnnotation.timestampType(false, TimeUnit.MICROS),
              value ->
                  value.equals(LocalDateTime.MAX) || value.equals(LocalDateTime.MIN)
                      ? null
                      : micros(((LocalDateTime) value).toInstant(ZoneOffset.UTC)),
              ColumnWriter::longs);
      case TIMESTAMP_TZ ->
          of(
              PrimitiveTypeName.INT64,
              LogicalTypeAnnotation.timestampType(true, TimeUnit.MICROS),
              value -> micros((Instant) value),
              ColumnWriter::longs);
      case ARRAY -> array(of(type.element()), type.element().kind() == ColumnType.Kind.ARRAY);
    };
  }

  private static ColumnWriter of(
      PrimitiveTypeName primitive,
      @Nullable LogicalTypeAnnotation logical,
      Function<Object, @Nullable Object> fit,
      BiConsumer<RecordConsumer, Object> write) {
    return new ColumnWriter(name -> Types.optional(primitive).as(logical).named(name), fit, write);
  }

  /** Exact where precision and scale are stated and Parquet's readers know them, else text. */
  private static ColumnWriter decimal(ColumnType type) {
    int scale = Math.max(type.scale(), 0);
    int precision =
        Math.max(type.scale() < 0 ? type.precision() - type.scale() : type.precision(), scale);
    if (type.precision() == ColumnType.UNSTATED || precision > MOST_DIGITS) {
      return of(
          PrimitiveTypeName.BINARY,
          LogicalTypeAnnotation.stringType(),
          value ->
              Binary.fromString(
                  value instanceof BigDecimal number ? number.toPlainString() : value.toString()),
          ColumnWriter::binary);
    }
    LogicalTypeAnnotation logical = LogicalTypeAnnotation.decimalType(scale, precision);
    Function<Object, @Nullable BigInteger> unscaled = value -> unscaled(value, precision, scale);
    if (precision <= INT_DIGITS) {
      return of(
          PrimitiveTypeName.INT32,
          logical,
          unscaled.andThen(number -> number == null ? null : number.intValueExact()),
          ColumnWriter::ints);
    }
    if (precision <= LONG_DIGITS) {
      return of(
          PrimitiveTypeName.INT64,
          logical,
          unscaled.andThen(number -> number == null ? null : number.longValueExact()),
          ColumnWriter::longs);
    }
    int length = BigInteger.TEN.pow(precision).bitLength() / 8 + 1;
    return new ColumnWriter(
        name ->
            Types.optional(PrimitiveTypeName.FIXED_LEN_BYTE_ARRAY)
                .length(length)
                .as(logical)
                .named(name),
        unscaled.andThen(number -> number == null ? null : bigEndian(number, length)),
        ColumnWriter::binary);
  }

  private static @Nullable BigInteger unscaled(Object value, int precision, int scale) {
    if (!(value instanceof BigDecimal number)) {
      return null;
    }
    try {
      BigDecimal scaled = number.setScale(scale, RoundingMode.UNNECESSARY);
      return scaled.precision() > precision ? null : scaled.unscaledValue();
    } catch (ArithmeticException e) {
      return null;
    }
  }

  private static Binary bigEndian(BigInteger number, int length) {
    byte[] bytes = number.toByteArray();
    byte[] padded = new byte[length];
    Arrays.fill(padded, (byte) (number.signum() < 0 ? -1 : 0));
    System.arraycopy(bytes, 0, padded, length - bytes.length, bytes.length);
    return Binary.fromConstantByteArray(padded);
  }

  private static ColumnWriter uuid() {
    int length = 16;
    return new ColumnWriter(
        name ->
            Types.optional(PrimitiveTypeName.FIXED_LEN_BYTE_ARRAY)
                .length(length)
                .as(LogicalTypeAnnotation.uuidType())
                .named(name),
        value -> {
          UUID uuid = UUID.fromString((String) value);
          ByteBuffer bytes = ByteBuffer.allocate(length);
          bytes.putLong(uuid.getMostSignificantBits()).putLong(uuid.getLeastSignificantBits());
          return Binary.fromConstantByteArray(bytes.array());
        },
        ColumnWriter::binary);
  }

  private static ColumnWriter array(ColumnWriter element, boolean nested) {
    return new ColumnWriter(
        name ->
            ConversionPatterns.listOfElements(
                Type.Repetition.OPTIONAL, name, element.type.apply("element")),
        value -> fitAll(value, element, nested),
        (out, value) -> list(out, (List<?>) value, element));
  }

  /** PostgreSQL lets an array have other dimensions than its column states: those do not fit. */
  private static @Nullable Object fitAll(Object value, ColumnWriter element, boolean nested) {
    if (!(value instanceof List<?> values)) {
      return null;
    }
    List<@Nullable Object> fitted = new ArrayList<>(values.size());
    for (Object each : values) {
      Object fits =
          each == null || each instanceof List<?> != nested ? null : element.fit.apply(each);
      if (each != null && fits == null) {
        return null;
      }
      fitted.add(fits);
    }
    return fitted;
  }

  private static void list(RecordConsumer out, List<?> values, ColumnWriter element) {
    out.startGroup();
    if (!values.isEmpty()) {
      out.startField("list", 0);
      for (Object value : values) {
        out.startGroup();
        if (value != null) {
          out.startField("element", 0);
          element.write.accept(out, value);
          out.endField("element", 0);
        }
        out.endGroup();
      }
      out.endField("list", 0);
    }
    out.endGroup();
  }

  private static @Nullable Object days(Object value) {
    return value.equals(LocalDate.MAX) || value.equals(LocalDate.MIN)
        ? null
        : Math.toIntExact(((LocalDate) value).toEpochDay());
  }

  private static @Nullable Object microsOfDay(Object value) {
    long nanos = ((LocalTime) value).toNanoOfDay();
    return nanos % MICRO == 0 ? nanos / MICRO : null;
  }

  private static @Nullable Object micros(Instant time) {
    if (time.getNano() % MICRO != 0) {
      return null;
    }
    try {
      return Math.addExact(
          Math.multiplyExact(time.getEpochSecond(), 1_000_000L), time.getNano() / MICRO);
    } catch (ArithmeticException e) {
      return null;
    }
  }

  private static Object toInt(Object value) {
    return ((Number) value).intValue();
  }

  private static Object toLong(Object value) {
    return ((Number) value).longValue();
  }

  private static void ints(RecordConsumer out, Object value) {
    out.addInteger((Integer) value);
  }

  private static void longs(RecordConsumer out, Object value) {
    out.addLong((Long) value);
  }

  private static void binary(RecordConsumer out, Object value) {
    out.addBinary((Binary) value);
  }
}
