package io.millrace.schemas.image;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.millrace.schemas.contract.ColumnType;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Base64;

/** Readers of numbers and booleans. */
final class NumberReaders {
  /** The most digits PostgreSQL's numeric has before and after the decimal point. */
  private static final int MOST_INTEGER_DIGITS = 131_072;

  private static final int MOST_FRACTION_DIGITS = 16_383;
  private static final String DECIMAL = "org.apache.kafka.connect.data.Decimal";

  static Object readBoolean(JsonParser parser, boolean keep) throws IOException {
    return switch (parser.currentToken()) {
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      default ->
          switch (parser.getText()) {
            case "1", "true", "t" -> true;
            case "0", "false", "f" -> false;
            default -> throw BadValueException.of(parser.getText(), "is not a boolean");
          };
    };
  }

  static Object readShort(JsonParser parser, boolean keep) throws IOException {
    long value = integer(parser, Short.MIN_VALUE, Short.MAX_VALUE);
    return keep ? (Object) (short) value : ValueReader.CHECKED;
  }

  static Object readInteger(JsonParser parser, boolean keep) throws IOException {
    long value = integer(parser, Integer.MIN_VALUE, Integer.MAX_VALUE);
    return keep ? (Object) (int) value : ValueReader.CHECKED;
  }

  static Object readLong(JsonParser parser, boolean keep) throws IOException {
    long value = integer(parser, Long.MIN_VALUE, Long.MAX_VALUE);
    return keep ? (Object) value : ValueReader.CHECKED;
  }

  private static long integer(JsonParser parser, long least, long most) throws IOException {
    long value = integer(parser);
    if (value < least || value > most) {
      throw BadValueException.of(parser.getText(), "is out of the type's range");
    }
    return value;
  }

  /** The whole number at the parser's token, which may also be text or a boolean. */
  static long integer(JsonParser parser) throws IOException {
    JsonToken token = parser.currentToken();
    if (token == JsonToken.VALUE_NUMBER_INT
        && parser.getNumberType() != JsonParser.NumberType.BIG_INTEGER) {
      return parser.getLongValue();
    }
    if (token == JsonToken.VALUE_TRUE || token == JsonToken.VALUE_FALSE) {
      return token == JsonToken.VALUE_TRUE ? 1 : 0;
    }
    if (token.isStructStart()) {
      throw new BadValueException("an object or array is not a whole number");
    }
    String text = parser.getText();
    BigDecimal number = decimal(text);
    try {
      return number.longValueExact();
    } catch (ArithmeticException e) {
      throw BadValueException.of(
          text,
          number.stripTrailingZeros().scale() > 0
              ? "is not a whole number"
              : "is out of the type's range");
    }
  }

  static ValueReader decimals(ColumnType type, String encoding) {
    boolean packed = encoding.equals(DECIMAL) || encoding.startsWith(DECIMAL + ":");
    int scale =
        encoding.startsWith(DECIMAL + ":")
            ? Integer.parseInt(encoding.substring(DECIMAL.length() + 1))
            : Math.max(type.scale(), 0);
    return (parser, keep) -> {
      JsonToken token = parser.currentToken();
      if (token == JsonToken.START_OBJECT) {
        return fitted(variableScale(parser), type);
      }
      if (token.isStructStart()) {
        throw new BadValueException("an array is not a number");
      }
      String text = parser.getText();
      if (token == JsonToken.VALUE_STRING) {
        Double special = special(text);
        if (special != null) {
          if (!special.isNaN() && type.precision() != ColumnType.UNSTATED) {
            throw BadValueException.of(text, "does not fit " + type);
          }
          return special;
        }
        if (packed) {
          return fitted(new BigDecimal(unscaled(text), scale), type);
        }
      }
      return fitted(decimal(text), type);
    };
  }

  /** Debezium's VariableScaleDecimal: {@code {"scale":2,"value":"BBo="}}. */
  private static BigDecimal variableScale(JsonParser parser) throws IOException {
    Integer scale = null;
    BigInteger unscaled = null;
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String field = parser.currentName();
      parser.nextToken();
      if (field.equals("scale")) {
        scale = (int) integer(parser, -MOST_FRACTION_DIGITS, MOST_FRACTION_DIGITS);
      } else if (field.equals("value")) {
        if (parser.currentToken() != JsonToken.VALUE_STRING) {
          throw new BadValueException("a decimal's unscaled value is base64");
        }
        unscaled = unscaled(parser.getText());
      } else {
        parser.skipChildren();
      }
    }
    if (scale == null || unscaled == null) {
      throw new BadValueException("an object without scale and value is not a decimal");
    }
    return new BigDecimal(unscaled, scale);
  }

  private static BigInteger unscaled(String base64) {
    try {
      byte[] bytes = Base64.getDecoder().decode(base64);
      return bytes.length == 0 ? BigInteger.ZERO : new BigInteger(bytes);
    } catch (IllegalArgumentException e) {
      throw BadValueException.of(base64, "is not the base64 of a decimal's unscaled value");
    }
  }

  static BigDecimal decimal(String text) {
    if (text.length() > MOST_INTEGER_DIGITS + MOST_FRACTION_DIGITS + 2) {
      throw BadValueException.of(text, "has too many digits");
    }
    try {
      return bounded(new BigDecimal(text), text);
    } catch (NumberFormatException e) {
      throw BadValueException.of(
          text,
          "is not a number (if it is a decimal packed as base64, set decimal.handling.mode:"
              + " precise in the contract's customProperties)");
    }
  }

  /** Keeps an exponent such as 1e999999999 from being written out. */
  private static BigDecimal bounded(BigDecimal number, String text) {
    long integerDigits = (long) number.precision() - number.scale();
    if (integerDigits > MOST_INTEGER_DIGITS || number.scale() > MOST_FRACTION_DIGITS) {
      throw BadValueException.of(text, "has too many digits");
    }
    return number;
  }

  private static BigDecimal fitted(BigDecimal number, ColumnType type) {
    bounded(number, "the number");
    if (type.precision() == ColumnType.UNSTATED) {
      return number;
    }
    BigDecimal plain = number.scale() > type.scale() ? number.stripTrailingZeros() : number;
    if (plain.scale() > type.scale()) {
      throw BadValueException.of(
          number.toString(),
          "has more decimal places than " + type + "; widen the contract's type");
    }
    if (plain.precision() - plain.scale() > type.precision() - type.scale()
        && plain.signum() != 0) {
      throw BadValueException.of(
          number.toString(), "is out of the range of " + type + "; widen the contract's type");
    }
    return plain;
  }

  static Object readFloat(JsonParser parser, boolean keep) throws IOException {
    double wide = (Double) readDouble(parser, keep);
    float value = (float) wide;
    if (Float.isInfinite(value) && !Double.isInfinite(wide)) {
      throw BadValueException.of(parser.getText(), "is out of the range of real");
    }
    return value;
  }

  static Object readDouble(JsonParser parser, boolean keep) throws IOException {
    JsonToken token = parser.currentToken();
    if (token.isStructStart()) {
      throw new BadValueException("an object or array is not a number");
    }
    String text = parser.getText();
    Double special = special(text);
    if (special != null) {
      return special;
    }
    // A decimal has no negative zero; a double has, and PostgreSQL keeps it.
    double value = Math.copySign(decimal(text).doubleValue(), text.startsWith("-") ? -1 : 1);
    if (Double.isInfinite(value)) {
      throw BadValueException.of(text, "is out of the range of double precision");
    }
    return value;
  }

  private static Double special(String text) {
    return switch (text) {
      case "NaN", "nan", "NAN" -> Double.NaN;
      case "Infinity", "+Infinity", "infinity", "POSITIVE_INFINITY" -> Double.POSITIVE_INFINITY;
      case "-Infinity", "-infinity", "NEGATIVE_INFINITY" -> Double.NEGATIVE_INFINITY;
      default -> null;
    };
  }

  private NumberReaders() {}
}
