package io.millrace.pipelines.audit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * Writes JSON as PostgreSQL's {@code jsonb} does: keys by their length and bytes, the last of equal
 * ones, numbers without exponents and with all their digits.
 */
final class CanonicalJson {
  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .build();

  private static final Comparator<byte[]> BY_LENGTH_AND_BYTES =
      Comparator.<byte[]>comparingInt(bytes -> bytes.length).thenComparing(Arrays::compareUnsigned);

  /** The text; of what is no JSON, itself. */
  static String text(String json) {
    try {
      StringBuilder text = new StringBuilder();
      append(JSON.readTree(json), text);
      return text.toString();
    } catch (JsonProcessingException e) {
      return json;
    }
  }

  private static void append(JsonNode node, StringBuilder text) {
    if (node.isObject()) {
      List<byte[]> names = new ArrayList<>();
      node.fieldNames().forEachRemaining(name -> names.add(name.getBytes(StandardCharsets.UTF_8)));
      names.sort(BY_LENGTH_AND_BYTES);
      String before = "{";
      for (byte[] bytes : names) {
        String name = new String(bytes, StandardCharsets.UTF_8);
        append(before, name, text);
        text.append(": ");
        append(node.get(name), text);
        before = ", ";
      }
      text.append(names.isEmpty() ? "{}" : "}");
    } else if (node.isArray()) {
      text.append('[');
      String comma = "";
      for (JsonNode each : node) {
        text.append(comma);
        append(each, text);
        comma = ", ";
      }
      text.append(']');
    } else if (node.isNumber()) {
      text.append(node.decimalValue().toPlainString());
    } else if (node.isTextual()) {
      append("", node.textValue(), text);
    } else {
      text.append(node.asText());
    }
  }

  private static void append(String before, String string, StringBuilder text) {
    text.append(before).append('"');
    for (int i = 0; i < string.length(); i++) {
      char c = string.charAt(i);
      switch (c) {
        case '"' -> text.append("\\\"");
        case '\\' -> text.append("\\\\");
        case '\b' -> text.append("\\b");
        case '\f' -> text.append("\\f");
        case '\n' -> text.append("\\n");
        case '\r' -> text.append("\\r");
        case '\t' -> text.append("\\t");
        default -> {
          if (c < ' ') {
            text.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
          } else {
            text.append(c);
          }
        }
      }
    }
    text.append('"');
  }

  private CanonicalJson() {}
}
