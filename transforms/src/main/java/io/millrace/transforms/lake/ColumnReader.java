package io.millrace.transforms.lake;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.Converter;
import org.apache.parquet.io.api.PrimitiveConverter;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.DateLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.DecimalLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.EnumLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.IntLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.JsonLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.ListLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.StringLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeUnit;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimestampLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.UUIDLogicalTypeAnnotation;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.Type;

/**
 * Reads the values of one column, of any type that {@link ColumnWriter} writes and of those that
 * other writers have for the same, by what the file itself says of it; the contract may have
 * changed since. A value comes as the class that {@link
 * io.millrace.schemas.contract.ColumnType.Kind} states for the type; small whole numbers as {@link
 * Integer}.
 */
final class ColumnReader extends PrimitiveConverter {
  private final Function<Object, Object> decode;
  private final Consumer<Object> values;

  private ColumnReader(Function<Object, Object> decode, Consumer<Object> values) {
    this.decode = decode;
    this.values = values;
  }

  /**
   * A reader of a column.
   *
   * @param values takes every value that is not null
   * @throws LakeException if the column is of a type that no lake has
   */
  static Converter of(Type type, Consumer<Object> values) {
    if (type.isPrimitive()) {
      return new ColumnReader(decode(type.asPrimitiveType()), values);
    }
    if (type.getLogicalTypeAnnotation() instanceof ListLogicalTypeAnnotation) {
      return new ListReader(type.asGroupType(), values);
    }
    throw unknown(type);
  }

  private static Function<Object, Object> decode(PrimitiveType type) {
    LogicalTypeAnnotation logical = type.getLogicalTypeAnnotation();
    if (logical == null) {
      return switch (type.getPrimitiveTypeName()) {
        case BINARY, FIXED_LEN_BYTE_ARRAY -> value -> ((Binary) value).getBytes();
        case BOOLEAN, DOUBLE, FLOAT, INT32, INT64 -> Function.identity();
        case INT96 -> throw unknown(type);
      };
    }
    if (logical instanceof StringLogicalTypeAnnotation
        || logical instanceof JsonLogicalTypeAnnotation
        || logical instanceof EnumLogicalTypeAnnotation) {
      return value -> ((Binary) value).toStringUsingUTF8();
    }
    if (logical instanceof DecimalLogicalTypeAnnotation decimal) {
      return value -> new BigDecimal(unscaled(value), decimal.getScale());
    }
    if (logical instanceof UUIDLogicalTypeAnnotation) {
      return value -> uuid(((Binary) value).toByteBuffer());
    }
    if (logical instanceof DateLogicalTypeAnnotation) {
      return value -> LocalDate.ofEpochDay((Integer) value);
    }
    if (logical instanceof TimeLogicalTypeAnnotation time) {
      ChronoUnit unit = unit(time.getUnit());
      return value -> LocalTime.MIDNIGHT.plus(((Number) value).longValue(), unit);
    }
    if (logical instanceof TimestampLogicalTypeAnnotation timestamp) {
      ChronoUnit unit = unit(timestamp.getUnit());
      return timestamp.isAdjustedToUTC()
          ? value -> instant(value, unit)
          : value -> LocalDateTime.ofInstant(instant(value, unit), ZoneOffset.UTC);
    }
    if (logical instanceof IntLogicalTypeAnnotation) {
      return Function.identity();
    }
    throw unknown(type);
  }

  private static BigInteger unscaled(Object value) {
    return value instanceof Binary bytes
        ? new BigInteger(bytes.getBytes())
        : BigInteger.valueOf(((Number) value).longValue());
  }

  private static String uuid(ByteBuffer bytes) {
    return new UUID(bytes.getLong(bytes.position()), bytes.getLong(bytes.position() + Long.BYTES))
        .toString();
  }

  private static Instant instant(Object sinceEpoch, ChronoUnit unit) {
    return Instant.EPOCH.plus((Long) sinceEpoch, unit);
  }

  private static ChronoUnit unit(TimeUnit unit) {
    return switch (unit) {
      case MILLIS -> ChronoUnit.MILLIS;
      case MICROS -> ChronoUnit.MICROS;
      case NANOS -> ChronoUnit.NANOS;
    };
  }

  private static LakeException unknown(Type type) {
    return new LakeException("A Parquet file has a column of a type that no lake has: " + type);
  }

  @Override
  public void addBinary(Binary value) {
    values.accept(decode.apply(value));
  }

  @Override
  public void addBoolean(boolean value) {
    values.accept(decode.apply(value));
  }

  @Override
  public void addDouble(double value) {
    values.accept(decode.apply(value));
  }

  @Override
  public void addFloat(float value) {
    values.accept(decode.apply(value));
  }

  @Override
  public void addInt(int value) {
    values.accept(decode.apply(value));
  }

  @Override
  public void addLong(long value) {
    values.accept(decode.apply(value));
  }
}
