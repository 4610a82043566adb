package io.millrace.schemas.image;

import io.millrace.schemas.Key;
import io.millrace.schemas.RejectedRecordException;
import io.millrace.schemas.RejectedRecordException.Reason;
import io.millrace.schemas.contract.ColumnContract;
import io.millrace.schemas.contract.TableContract;
import io.millrace.schemas.wire.ByteReader;
import io.millrace.schemas.wire.ByteWriter;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetTime;
import java.time.ZoneOffset;
import java.util.List;

/**
 * Turns the key columns of a table into a {@link Key} and back. State is keyed by these bytes for
 * the life of a job, so the format never changes:
 *
 * <p>each key column in the key's order; whole numbers of any width as zigzag varints (widening a
 * column keeps its keys); booleans as a byte; decimals as plain text without trailing zeros; floats
 * as their shortest decimal text; text, UUIDs and opaque values as UTF-8 with a length ({@code
 * char(n)} without trailing blanks); bytes with a length; dates as days; times as nanoseconds of
 * the day; timestamps as seconds (zigzag) and nanoseconds.
 */
public final class KeyCodec {
  private final List<ColumnContract> columns;
  private final List<Integer> indexes;
  private final ByteWriter out = new ByteWriter(64);

  public KeyCodec(TableContract table) {
    this.columns = table.columns();
    this.indexes = table.keyColumns();
  }

  /** Whether an image supplies every column of the key, none of them null. */
  public boolean hasKey(Columns image) {
    for (int i = 0; i < indexes.size(); i++) {
      if (image.value(indexes.get(i)) == null) {
        return false;
      }
    }
    return true;
  }

  /**
   * The key of a row.
   *
   * @throws RejectedRecordException if a key column is missing or null
   */
  public Key encode(Columns image) {
    out.clear();
    for (int i = 0; i < indexes.size(); i++) {
      int index = indexes.get(i);
      Object value = image.value(index);
      if (value == null) {
        throw new RejectedRecordException(
            Reason.NO_KEY,
            "key column "
                + columns.get(index).physicalName()
                + " is "
                + (image.isSupplied(index) ? "null" : "missing"));
      }
      write(columns.get(index), value);
    }
    return Key.of(out.toByteArray());
  }

  private void write(ColumnContract column, Object value) {
    switch (column.type().kind()) {
      case BOOLEAN -> out.writeByte((Boolean) value ? 1 : 0);
      case SMALLINT, INTEGER, BIGINT -> out.writeZigzag(((Number) value).longValue());
      case DECIMAL -> out.writeText(plain(value));
      case REAL, DOUBLE ->
          out.writeText(((Number) value).doubleValue() == 0 ? "0.0" : value.toString());
      case TEXT ->
          out.writeText(
              column.type().name().equals("char")
                      || column.type().name().equals("character")
                      || column.type().name().equals("bpchar")
                  ? TextReaders.unpadded((String) value)
                  : (String) value);
      case UUID, OPAQUE -> out.writeText((String) value);
      case BYTES -> out.writeBytes((byte[]) value);
      case DATE -> out.writeZigzag(((LocalDate) value).toEpochDay());
      case TIME -> out.writeVarint(((LocalTime) value).toNanoOfDay());
      case TIME_TZ -> out.writeText(value.toString());
      case TIMESTAMP -> writeInstant(((LocalDateTime) value).toInstant(ZoneOffset.UTC));
      case TIMESTAMP_TZ -> writeInstant((Instant) value);
      case JSON, ARRAY -> throw unsupported(column);
    }
  }

  private void writeInstant(Instant instant) {
    out.writeZigzag(instant.getEpochSecond());
    out.writeVarint(instant.getNano());
  }

  private static String plain(Object number) {
    return number instanceof BigDecimal decimal
        ? decimal.signum() == 0 ? "0" : decimal.stripTrailingZeros().toPlainString()
        : number.toString();
  }

  /** The values of the key's columns, in the key's order. */
  public Object[] decode(Key key) {
    ByteReader in = new ByteReader(key.bytes());
    Object[] values = new Object[indexes.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = read(columns.get(indexes.get(i)), in);
    }
    return values;
  }

  private static Object read(ColumnContract column, ByteReader in) {
    return switch (column.type().kind()) {
      case BOOLEAN -> in.readByte() == 1;
      case SMALLINT -> (short) in.readZigzag();
      case INTEGER -> (int) in.readZigzag();
      case BIGINT -> in.readZigzag();
      case DECIMAL -> decimal(in.readText());
      case REAL -> Float.valueOf(in.readText());
      case DOUBLE -> Double.valueOf(in.readText());
      case TEXT, UUID, OPAQUE -> in.readText();
      case BYTES -> in.readBytes();
      case DATE -> LocalDate.ofEpochDay(in.readZigzag());
      case TIME -> LocalTime.ofNanoOfDay(in.readVarint());
      case TIME_TZ -> OffsetTime.parse(in.readText());
      case TIMESTAMP ->
          LocalDateTime.ofEpochSecond(in.readZigzag(), (int) in.readVarint(), ZoneOffset.UTC);
      case TIMESTAMP_TZ -> Instant.ofEpochSecond(in.readZigzag(), in.readVarint());
      case JSON, ARRAY -> throw unsupported(column);
    };
  }

  private static Object decimal(String text) {
    return Character.isLetter(text.charAt(text.length() - 1))
        ? Double.valueOf(text)
        : new BigDecimal(text);
  }

  private static IllegalStateException unsupported(ColumnContract column) {
    return new IllegalStateException("A " + column.type() + " cannot be part of a key");
  }
}
