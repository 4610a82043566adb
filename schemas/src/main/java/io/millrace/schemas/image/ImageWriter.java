package io.millrace.schemas.image;

import com.fasterxml.jackson.core.JsonGenerator;
import io.millrace.schemas.ImageEncoding;
import io.millrace.schemas.contract.ColumnContract;
import io.millrace.schemas.contract.ColumnType;
import io.millrace.schemas.contract.TableContract;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Writes values of a table's columns so that an {@link ImageReader} of the same table and encoding
 * reads them: as {@link JsonValues} does, but for bytes and bits that the contract says are written
 * otherwise.
 */
public final class ImageWriter {

  @FunctionalInterface
  private interface ValueWriter {
    void write(Object value, JsonGenerator json) throws IOException;
  }

  private final ValueWriter[] writers;

  /** A writer of a table's columns for images that are encoded so. */
  public ImageWriter(TableContract table, ImageEncoding encoding) {
    List<ColumnContract> columns = table.columns();
    String[] told = new ColumnNames(table).inOrder(encoding.columns());
    Map<String, String> modes = Modes.of(encoding.format(), table.customProperties());
    writers = new ValueWriter[columns.size()];
    for (int i = 0; i < writers.length; i++) {
      ColumnContract column = columns.get(i);
      writers[i] = of(column.type(), ValueReaders.encoding(column, told[i]), modes);
    }
  }

  /**
   * Writes a value of a column where the generator is.
   *
   * @param column its index in the contract
   * @param value of the class that {@link ColumnType.Kind} states, or the text that stands for it;
   *     of JSON the text
   */
  public void write(int column, @Nullable Object value, JsonGenerator json) throws IOException {
    if (value == null) {
      json.writeNull();
    } else {
      writers[column].write(value, json);
    }
  }

  private static ValueWriter of(ColumnType type, String encoding, Map<String, String> modes) {
    return switch (type.kind()) {
      case DECIMAL -> ImageWriter::writeDecimal;
      case BYTES -> bytes(modes.getOrDefault(Modes.BINARY, "base64"));
      case OPAQUE -> opaque(type, encoding, modes);
      case ARRAY -> array(of(type.element(), encoding, modes));
      case BOOLEAN,
          SMALLINT,
          INTEGER,
          BIGINT,
          REAL,
          DOUBLE,
          TEXT,
          UUID,
          JSON,
          DATE,
          TIME,
          TIME_TZ,
          TIMESTAMP,
          TIMESTAMP_TZ ->
          JsonValues::write;
    };
  }

  /** Text of digits as a number: as text it could be packed digits in base64. */
  private static void writeDecimal(Object value, JsonGenerator json) throws IOException {
    Object number = value;
    if (value instanceof String text) {
      try {
        number = new BigDecimal(text);
      } catch (NumberFormatException e) {
        // Not a number, or infinite, or for the reader to find.
      }
    }
    JsonValues.write(number, json);
  }

  private static ValueWriter bytes(String mode) {
    return (value, json) -> {
      if (!(value instanceof byte[] bytes)) {
        JsonValues.write(value, json);
        return;
      }
      json.writeString(
          switch (mode) {
            case "hex" -> HexFormat.of().formatHex(bytes);
            case "base64-url-safe" -> Base64.getUrlEncoder().encodeToString(bytes);
            case "iso-8859-1" -> new String(bytes, StandardCharsets.ISO_8859_1);
            default -> Base64.getEncoder().encodeToString(bytes);
          });
    };
  }

  private static ValueWriter opaque(ColumnType type, String encoding, Map<String, String> modes) {
    boolean isNumber = type.name().equals("bit") && "number".equals(modes.get(Modes.BIT));
    boolean isPacked = encoding.startsWith(TextReaders.BITS);
    return (value, json) -> {
      if (!(value instanceof String bits) || !bits.matches("[01]+")) {
        JsonValues.write(value, json);
      } else if (isNumber) {
        json.writeNumber(new BigInteger(bits, 2));
      } else if (isPacked) {
        json.writeString(Base64.getEncoder().encodeToString(littleEndian(bits)));
      } else {
        json.writeString(bits);
      }
    };
  }

  /** Debezium's Bits are little-endian bytes; the text has the highest bit first. */
  private static byte[] littleEndian(String bits) {
    byte[] bytes = new byte[(bits.length() + 7) / 8];
    for (int i = 0; i < bits.length(); i++) {
      if (bits.charAt(bits.length() - 1 - i) == '1') {
        bytes[i / 8] |= (byte) (1 << (i % 8));
      }
    }
    return bytes;
  }

  private static ValueWriter array(ValueWriter element) {
    return (value, json) -> {
      if (!(value instanceof List<?> values)) {
        JsonValues.write(value, json);
        return;
      }
      json.writeStartArray();
      for (Object each : values) {
        if (each == null) {
          json.writeNull();
        } else {
          element.write(each, json);
        }
      }
      json.writeEndArray();
    };
  }
}
