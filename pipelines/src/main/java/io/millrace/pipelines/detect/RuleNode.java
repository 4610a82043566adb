package io.millrace.pipelines.detect;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.pipelines.launch.LaunchException;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.joda.time.Duration;

/** A mapping in the file of rules, which knows where it stands there. */
final class RuleNode {
  private final JsonNode node;
  private final String place;

  /**
   * A mapping with these fields and no others.
   *
   * @param place the file, and the rule and step, for errors
   * @throws LaunchException if it is something else
   */
  RuleNode(JsonNode node, String place, String... fields) {
    this.node = node;
    this.place = place;
    List<String> known = Arrays.asList(fields);
    if (!node.isObject()) {
      throw fault("is no mapping of fields; its fields are " + String.join(", ", known));
    }
    for (Iterator<String> names = node.fieldNames(); names.hasNext(); ) {
      String name = names.next();
      if (!known.contains(name)) {
        throw fault("has the field " + name + ", which is unknown; known are " + list(known));
      }
    }
  }

  private static String list(List<String> names) {
    return String.join(", ", names);
  }

  boolean has(String field) {
    return node.hasNonNull(field);
  }

  /** The mapping of a field. */
  RuleNode object(String field, String... fields) {
    return new RuleNode(node.path(field), place + ": " + field, fields);
  }

  /** The mappings that a field lists, named in errors by this word and their names. */
  List<RuleNode> list(String field, String word, String... fields) {
    JsonNode array = node.path(field);
    if (!array.isArray() || array.isEmpty()) {
      throw fault("needs a list of " + field);
    }
    List<RuleNode> nodes = new ArrayList<>();
    for (int i = 0; i < array.size(); i++) {
      String name = array.get(i).path("name").asText(String.valueOf(i + 1));
      nodes.add(new RuleNode(array.get(i), place + ": " + word + " " + name, fields));
    }
    return nodes;
  }

  /** The text of a field that must be there. */
  String text(String field, String remedy) {
    String text = optionalText(field);
    if (text == null) {
      throw fault("needs the field " + field + ": " + remedy);
    }
    return text;
  }

  /** The text of a field; null without it. */
  @Nullable String optionalText(String field) {
    JsonNode value = node.path(field);
    if (value.isNull() || value.isMissingNode()) {
      return null;
    }
    if (!value.isValueNode() || value.asText().isBlank()) {
      throw fault("has " + shown(field) + "; it must be text");
    }
    return value.asText().strip();
  }

  /** The text that a field has, or the texts that it lists. */
  List<String> texts(String field, String remedy) {
    if (!node.path(field).isArray()) {
      return List.of(text(field, remedy));
    }
    List<String> texts = new ArrayList<>();
    node.path(field).forEach(each -> texts.add(each.asText().strip()));
    if (texts.isEmpty()) {
      throw fault("needs the field " + field + ": " + remedy);
    }
    return texts;
  }

  boolean flag(String field) {
    JsonNode value = node.path(field);
    if (has(field) && !value.isBoolean()) {
      throw fault("has " + shown(field) + "; it must be true or false");
    }
    return value.asBoolean(false);
  }

  int count(String field) {
    JsonNode value = node.path(field);
    if (!value.isInt()) {
      throw fault(has(field) ? "has " + shown(field) + "; it must be a number" : missing(field));
    }
    return value.intValue();
  }

  BigDecimal number(String field) {
    JsonNode value = node.path(field);
    if (!value.isNumber()) {
      throw fault(has(field) ? "has " + shown(field) + "; it must be a number" : missing(field));
    }
    return value.decimalValue();
  }

  Duration duration(String field) {
    String text = text(field, "a duration in ISO 8601 such as PT10M");
    try {
      return Duration.millis(java.time.Duration.parse(text).toMillis());
    } catch (DateTimeException | ArithmeticException e) {
      throw LaunchException.input(
          fault("has " + shown(field) + "; it must be a duration in ISO 8601 such as PT10M or P1D")
              .getMessage(),
          e);
    }
  }

  private static String missing(String field) {
    return "needs the field " + field + ": a number";
  }

  private String shown(String field) {
    return field + ": " + node.path(field);
  }

  /** What is wrong here. */
  LaunchException fault(String problem) {
    return LaunchException.input("--rules: " + place + ": " + problem);
  }
}
