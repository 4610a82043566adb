package io.millrace.schemas.format;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BigIntegerNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.millrace.schemas.RejectedRecordException;
import io.millrace.schemas.RejectedRecordException.Reason;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Makes plain JSON of MongoDB's extended JSON, in its canonical, relaxed and former strict forms:
 * numbers as numbers (text where JSON has none, such as {@code NaN}), dates as ISO-8601, object
 * identifiers and symbols as text, bytes as base64, those of a UUID as a UUID. What has no plain
 * form, such as a regular expression, stays as it is.
 *
 * @see <a href="https://www.mongodb.com/docs/manual/reference/mongodb-extended-json/">MongoDB
 *     Extended JSON</a>
 * @see <a href="https://www.mongodb.com/docs/manual/reference/mongodb-extended-json-v1/">its former
 *     strict form</a>
 */
final class ExtendedJson {
  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .build();

  /**
   * The document that text holds, extended as it stands there.
   *
   * @throws RejectedRecordException if it is not a JSON object
   */
  static ObjectNode document(String text) {
    JsonNode node = value(text);
    if (!(node instanceof ObjectNode document)) {
      throw new RejectedRecordException(Reason.MALFORMED, "a document is not a JSON object");
    }
    return document;
  }

  /**
   * The value that text holds, extended as it stands there.
   *
   * @throws RejectedRecordException if it is not JSON
   */
  static JsonNode value(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw Json.rejection(e);
    }
  }

  static ObjectNode object() {
    return JSON.createObjectNode();
  }

  /**
   * The value as JSON in UTF-8.
   *
   * @throws RejectedRecordException if it is text that UTF-8 cannot hold
   */
  static byte[] bytes(JsonNode node) {
    try {
      return JSON.writeValueAsBytes(node);
    } catch (JsonProcessingException e) {
      throw new RejectedRecordException(
          Reason.BAD_VALUE, "a document's text is not Unicode: " + e.getOriginalMessage());
    }
  }

  /** The value without what extends JSON, also within objects and arrays. */
  static JsonNode plain(JsonNode value) {
    if (value instanceof ArrayNode array) {
      ArrayNode plain = JSON.createArrayNode();
      array.forEach(element -> plain.add(plain(element)));
      return plain;
    }
    if (!(value instanceof ObjectNode object)) {
      return value;
    }
    JsonNode scalar = scalar(object);
    if (scalar != null) {
      return scalar;
    }
    ObjectNode plain = JSON.createObjectNode();
    object.fields().forEachRemaining(field -> plain.set(field.getKey(), plain(field.getValue())));
    return plain;
  }

  private static @Nullable JsonNode scalar(ObjectNode object) {
    if (object.isEmpty() || !object.fieldNames().next().startsWith("$")) {
      return null;
    }
    if (object.has("$binary")) {
      byte[] bytes = binary(object);
      boolean isUuid = subType(object).equals("04") && bytes.length == 16;
      return isUuid ? uuid(bytes) : TextNode.valueOf(Base64.getEncoder().encodeToString(bytes));
    }
    if (object.size() > 1) {
      return null;
    }
    String type = object.fieldNames().next();
    JsonNode content = object.get(type);
    return switch (type) {
      case "$numberInt", "$numberLong", "$numberDouble", "$numberDecimal" ->
          number(content.asText());
      case "$date" -> date(content);
      case "$oid", "$symbol", "$code", "$uuid" -> TextNode.valueOf(content.asText());
      case "$undefined" -> JSON.nullNode();
      default -> null;
    };
  }

  private static JsonNode number(String text) {
    try {
      boolean isWhole = !text.isEmpty() && text.chars().skip(1).allMatch(Character::isDigit);
      return isWhole
          ? BigIntegerNode.valueOf(new BigInteger(text))
          : DecimalNode.valueOf(new BigDecimal(text));
    } catch (NumberFormatException e) {
      return TextNode.valueOf(text);
    }
  }

  private static JsonNode date(JsonNode content) {
    String text = content.isObject() ? content.path("$numberLong").asText() : content.asText();
    try {
      return TextNode.valueOf(Instant.ofEpochMilli(Long.parseLong(text)).toString());
    } catch (NumberFormatException e) {
      return TextNode.valueOf(text);
    }
  }

  /** Whether a value is bytes. */
  static boolean isBinary(JsonNode value) {
    return value.has("$binary");
  }

  /**
   * The bytes that a value is.
   *
   * @throws RejectedRecordException if they are not in base64
   */
  static byte[] binary(JsonNode value) {
    JsonNode content = value.path("$binary");
    String base64 = content.isObject() ? content.path("base64").asText() : content.asText();
    try {
      return Base64.getDecoder().decode(base64);
    } catch (IllegalArgumentException e) {
      throw new RejectedRecordException(
          Reason.BAD_VALUE, "a document's $binary is '" + base64 + "', which is not base64");
    }
  }

  /** Two hexadecimal digits. */
  private static String subType(ObjectNode value) {
    JsonNode content = value.get("$binary");
    JsonNode subType = content.isObject() ? content.path("subType") : value.path("$type");
    String text = subType.asText();
    return text.length() == 1 ? "0" + text : text;
  }

  private static JsonNode uuid(byte[] bytes) {
    return TextNode.valueOf(
        new StringBuilder(HexFormat.of().formatHex(bytes))
            .insert(20, '-')
            .insert(16, '-')
            .insert(12, '-')
            .insert(8, '-')
            .toString());
  }

  private ExtendedJson() {}
}
