package io.millrace.schemas.image;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.millrace.schemas.contract.ColumnType;
import java.io.IOException;
import java.io.StringWriter;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;
import java.util.StringJoiner;
import java.util.regex.Pattern;

/** Readers of text, JSON, UUIDs, bytes, and of what only the database can parse. */
final class TextReaders {
  private static final JsonFactory JSON = new JsonFactory();
  private static final Pattern UUID_FORM =
      Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");

  /** The name of Debezium's encoding of bits, before its parameters. */
  static final String BITS = "io.debezium.data.Bits";

  static ValueReader texts(ColumnType type) {
    int most = type.precision() == ColumnType.UNSTATED ? Integer.MAX_VALUE : type.precision();
    boolean padded = type.name().startsWith("char") && !type.name().startsWith("character v");
    boolean isSet = type.physicalType().toLowerCase(Locale.ROOT).startsWith("set");
    return (parser, keep) -> {
      if (isSet && parser.currentToken() == JsonToken.START_ARRAY) {
        return joined(parser);
      }
      if (parser.currentToken().isStructStart()) {
        throw new BadValueException("an object or array is not text");
      }
      int length =
          storable(parser.getTextCharacters(), parser.getTextOffset(), parser.getTextLength());
      if (length > most && (!padded || characters(unpadded(parser.getText())) > most)) {
        throw BadValueException.of(
            parser.getText(),
            "has " + length + " characters, more than " + type + "; widen the contract's type");
      }
      return keep ? parser.getText() : ValueReader.CHECKED;
    };
  }

  /** A set of MySQL's that is written as an array, in the form that MySQL itself writes. */
  private static String joined(JsonParser parser) throws IOException {
    StringJoiner members = new StringJoiner(",");
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      if (!parser.currentToken().isScalarValue()) {
        throw new BadValueException("an object or array is no member of a set");
      }
      members.add(storable(parser.getText()));
    }
    return members.toString();
  }

  /** Text without the blanks at its end, which {@code char(n)} does not tell apart. */
  static String unpadded(String text) {
    int end = text.length();
    while (end > 0 && text.charAt(end - 1) == ' ') {
      end--;
    }
    return text.substring(0, end);
  }

  private static int characters(String text) {
    return text.codePointCount(0, text.length());
  }

  /** Counts the characters of text that a database can hold: no NUL, no half of a pair. */
  private static int storable(char[] text, int start, int count) {
    int pairs = 0;
    int end = start + count;
    for (int i = start; i < end; i++) {
      char c = text[i];
      if (c == 0) {
        throw new BadValueException(
            "the text holds a NUL character, which PostgreSQL cannot store");
      }
      if (Character.isSurrogate(c)) {
        if (!Character.isHighSurrogate(c)
            || i + 1 == end
            || !Character.isLowSurrogate(text[i + 1])) {
          throw new BadValueException("the text holds half of a surrogate pair: it is not Unicode");
        }
        pairs++;
        i++;
      }
    }
    return count - pairs;
  }

  static String storable(String text) {
    storable(text.toCharArray(), 0, text.length());
    return text;
  }

  /** Checks that a token of JSON is one that jsonb can hold. */
  private static void checkStorable(JsonParser parser, JsonToken token) throws IOException {
    if (token == JsonToken.VALUE_STRING || token == JsonToken.FIELD_NAME) {
      storable(parser.getTextCharacters(), parser.getTextOffset(), parser.getTextLength());
    } else if (token.isNumeric()) {
      NumberReaders.decimal(parser.getText());
    }
  }

  static Object readUuid(JsonParser parser, boolean keep) throws IOException {
    String text = parser.getText().toLowerCase(Locale.ROOT);
    if (text.length() == 32) {
      text =
          new StringBuilder(text)
              .insert(20, '-')
              .insert(16, '-')
              .insert(12, '-')
              .insert(8, '-')
              .toString();
    }
    if (!UUID_FORM.matcher(text).matches()) {
      throw BadValueException.of(text, "is not a UUID");
    }
    return text;
  }

  /** JSON comes as text that holds it, or as it is. */
  static Object readJson(JsonParser parser, boolean keep) throws IOException {
    if (parser.currentToken() != JsonToken.VALUE_STRING) {
      return copy(parser);
    }
    String text = parser.getText();
    try (JsonParser inner = JSON.createParser(text)) {
      if (inner.nextToken() == null) {
        throw BadValueException.of(text, "is not JSON");
      }
      int depth = 0;
      do {
        JsonToken token = inner.currentToken();
        depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
        checkStorable(inner, token);
      } while (depth > 0 ? inner.nextToken() != null : false);
      if (inner.nextToken() != null) {
        throw BadValueException.of(text, "is more than one JSON value");
      }
    } catch (JsonProcessingException e) {
      throw BadValueException.of(text, "is not JSON");
    }
    return text;
  }

  /** The JSON at the parser, as text; numbers keep all their digits. */
  static String copy(JsonParser parser) throws IOException {
    StringWriter text = new StringWriter();
    try (JsonGenerator generator = JSON.createGenerator(text)) {
      int depth = 0;
      while (true) {
        JsonToken token = parser.currentToken();
        checkStorable(parser, token);
        generator.copyCurrentEventExact(parser);
        depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
        if (depth == 0) {
          break;
        }
        parser.nextToken();
      }
    }
    return text.toString();
  }

  static ValueReader bytes(String mode) {
    return (parser, keep) -> {
      if (parser.currentToken() != JsonToken.VALUE_STRING) {
        throw new BadValueException("bytes are written as text in " + mode);
      }
      String text = parser.getText();
      try {
        return switch (mode) {
          case "hex" -> HexFormat.of().parseHex(text.startsWith("\\x") ? text.substring(2) : text);
          case "base64-url-safe" -> Base64.getUrlDecoder().decode(text);
          case "iso-8859-1" -> latin1(text);
          case Modes.UNSTATED ->
              throw BadValueException.of(
                  text,
                  "is bytes, and the format does not say how they are written; set"
                      + " binary.handling.mode in the contract's customProperties to hex or base64");
          default -> Base64.getDecoder().decode(text);
        };
      } catch (IllegalArgumentException e) {
        throw BadValueException.of(
            text,
            "is not "
                + mode
                + " (set binary.handling.mode in the contract's customProperties"
                + " to base64, base64-url-safe, hex or iso-8859-1)");
      }
    };
  }

  private static byte[] latin1(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) > 0xFF) {
        throw new IllegalArgumentException("not ISO-8859-1");
      }
    }
    return bytes;
  }

  /** Bits that are written as the number they are. */
  static ValueReader numberedBits(ColumnType type) {
    int length = type.precision() == ColumnType.UNSTATED ? 1 : type.precision();
    return (parser, keep) -> {
      BigInteger number;
      try {
        number =
            parser.currentToken().isBoolean()
                ? BigInteger.valueOf(parser.getBooleanValue() ? 1 : 0)
                : new BigInteger(parser.getText());
      } catch (NumberFormatException e) {
        throw BadValueException.of(parser.getText(), "is not bits written as a number");
      }
      if (number.signum() < 0 || number.bitLength() > length) {
        throw BadValueException.of(parser.getText(), "does not fit " + type);
      }
      String bits = number.toString(2);
      return "0".repeat(length - bits.length()) + bits;
    };
  }

  static ValueReader opaque(ColumnType type, String encoding) {
    return (parser, keep) -> {
      JsonToken token = parser.currentToken();
      if (token.isStructStart()) {
        return copy(parser);
      }
      if (encoding.startsWith(BITS) && token == JsonToken.VALUE_STRING) {
        return bits(bits(parser.getText()), type.precision());
      }
      if (type.name().equals("interval") && token.isNumeric()) {
        return NumberReaders.integer(parser) + " microseconds";
      }
      if (type.name().startsWith("bit") && token.isBoolean()) {
        return token == JsonToken.VALUE_TRUE ? "1" : "0";
      }
      return storable(parser.getText());
    };
  }

  private static byte[] bits(String base64) {
    try {
      return Base64.getDecoder().decode(base64);
    } catch (IllegalArgumentException e) {
      throw BadValueException.of(base64, "is not the base64 of bits");
    }
  }

  /** Debezium's Bits are little-endian bytes; PostgreSQL writes the highest bit first. */
  private static String bits(byte[] littleEndian, int length) {
    int count = length == ColumnType.UNSTATED ? littleEndian.length * 8 : length;
    StringBuilder bits = new StringBuilder(count);
    for (int i = count - 1; i >= 0; i--) {
      boolean set = i / 8 < littleEndian.length && (littleEndian[i / 8] >> (i % 8) & 1) != 0;
      bits.append(set ? '1' : '0');
    }
    return bits.toString();
  }

  private TextReaders() {}
}
