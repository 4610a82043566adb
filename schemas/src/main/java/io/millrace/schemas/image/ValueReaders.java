package io.millrace.schemas.image;

import com.fasterxml.jackson.core.JsonToken;
import io.millrace.schemas.contract.ColumnContract;
import io.millrace.schemas.contract.ColumnType;
import io.millrace.schemas.contract.ColumnType.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Chooses the reader of a column: by its type, and by how the event or the contract encode it. */
final class ValueReaders {

  /**
   * How a column is encoded.
   *
   * @param told what the event names as the column's encoding, or null; the contract's custom
   *     property {@code encoding} of the column stands in for it
   */
  static String encoding(ColumnContract column, @Nullable String told) {
    return told != null ? told : column.customProperties().getOrDefault("encoding", "");
  }

  /**
   * The reader of a type.
   *
   * @param encoding how its values are encoded, or empty where nothing tells it
   * @param modes the table's custom properties
   */
  static ValueReader of(ColumnType type, String encoding, Map<String, String> modes) {
    String time = modes.getOrDefault(Modes.TIME, "adaptive");
    return switch (type.kind()) {
      case BOOLEAN -> NumberReaders::readBoolean;
      case SMALLINT -> NumberReaders::readShort;
      case INTEGER -> NumberReaders::readInteger;
      case BIGINT -> NumberReaders::readLong;
      case DECIMAL -> NumberReaders.decimals(type, decimalEncoding(encoding, modes));
      case REAL -> NumberReaders::readFloat;
      case DOUBLE -> NumberReaders::readDouble;
      case TEXT -> TextReaders.texts(type);
      case UUID -> TextReaders::readUuid;
      case JSON -> TextReaders::readJson;
      case BYTES -> TextReaders.bytes(modes.getOrDefault(Modes.BINARY, "base64"));
      case DATE -> orZero(TimeReaders.dates(type, encoding, time), modes);
      case TIME -> TimeReaders.times(type, encoding, time);
      case TIME_TZ -> TimeReaders::readZonedTime;
      case TIMESTAMP -> orZero(TimeReaders.timestamps(type, encoding, time), modes);
      case TIMESTAMP_TZ ->
          orZero(LocalTimes.zoned(TimeReaders.instants(type, encoding, time), modes), modes);
      case OPAQUE ->
          type.name().equals("bit") && "number".equals(modes.get(Modes.BIT))
              ? TextReaders.numberedBits(type)
              : TextReaders.opaque(type, encoding);
      case ARRAY ->
          arrays(of(type.element(), encoding, modes), type.element().kind() == Kind.ARRAY);
    };
  }

  /** A reader that takes MySQL's date of zeros, which is no date, for what the contract says. */
  private static ValueReader orZero(ValueReader reader, Map<String, String> modes) {
    boolean isNull = "null".equals(modes.get(Modes.ZERO_DATE));
    return (parser, keep) -> {
      if (parser.currentToken() != JsonToken.VALUE_STRING
          || !parser.getText().startsWith("0000-00-00")) {
        return reader.read(parser, keep);
      }
      if (isNull) {
        return ValueReader.NULL;
      }
      throw BadValueException.of(
          parser.getText(),
          "is MySQL's date of zeros, which is no date; make it null with zero.date.mode: null in the"
              + " contract's customProperties");
    };
  }

  static String decimalEncoding(String encoding, Map<String, String> modes) {
    return encoding.isEmpty() && "precise".equals(modes.get("decimal.handling.mode"))
        ? "org.apache.kafka.connect.data.Decimal"
        : encoding;
  }

  /**
   * @param nested whether the elements are arrays; PostgreSQL's have one length in each dimension
   */
  private static ValueReader arrays(ValueReader element, boolean nested) {
    return (parser, keep) -> {
      if (parser.currentToken() != JsonToken.START_ARRAY) {
        throw BadValueException.of(parser.getText(), "is not an array");
      }
      List<Object> values = new ArrayList<>();
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        boolean isNull = parser.currentToken() == JsonToken.VALUE_NULL;
        values.add(isNull ? null : element.read(parser, true));
        if (nested && !shape(values.get(0)).equals(shape(values.get(values.size() - 1)))) {
          throw new BadValueException("the arrays in the array are not of one length");
        }
      }
      return values;
    };
  }

  /** The lengths of an array in each of its dimensions. */
  private static List<Integer> shape(Object value) {
    List<Integer> lengths = new ArrayList<>();
    for (Object at = value;
        at instanceof List<?> array;
        at = array.isEmpty() ? null : array.get(0)) {
      lengths.add(array.size());
    }
    return lengths;
  }

  private ValueReaders() {}
}
