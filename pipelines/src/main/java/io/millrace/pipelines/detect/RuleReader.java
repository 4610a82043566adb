package io.millrace.pipelines.detect;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.millrace.pipelines.launch.LaunchException;
import io.millrace.schemas.contract.Contract;
import io.millrace.schemas.contract.TableContract;
import io.millrace.schemas.expression.ExpressionException;
import io.millrace.transforms.pattern.DetectThreshold;
import io.millrace.transforms.pattern.Deviation;
import io.millrace.transforms.pattern.Velocity;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Reads the file of rules; docs/patterns.md says how it is written. */
final class RuleReader {
  private static final YAMLMapper YAML =
      YAMLMapper.builder().enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION).build();

  private static final String PATTERN = "pattern";
  private static final String VELOCITY = "velocity";
  private static final String DEVIATION = "deviation";
  private static final List<String> KINDS = List.of(PATTERN, VELOCITY, DEVIATION);

  private final Contract contract;

  private RuleReader(Contract contract) {
    this.contract = contract;
  }

  /**
   * Reads rules over the events of a contract.
   *
   * @param file its name, for errors
   * @throws LaunchException if a rule is not as it must be; it names the rule and the remedy
   */
  static List<EventRule> read(String yaml, String file, Contract contract) {
    JsonNode root;
    try {
      root = YAML.readTree(yaml);
    } catch (JsonProcessingException e) {
      throw LaunchException.input(
          "--rules: " + file + " is not YAML: " + e.getOriginalMessage(), e);
    }
    RuleReader reader = new RuleReader(contract);
    List<EventRule> rules = new ArrayList<>();
    Set<String> names = new HashSet<>();
    RuleNode document = new RuleNode(root, file, "rules");
    for (RuleNode node :
        document.list(
            "rules", "rule", "name", "event", "key", "where", PATTERN, VELOCITY, DEVIATION)) {
      EventRule rule = reader.rule(node);
      if (!names.add(rule.name())) {
        throw node.fault("its name stands twice; alerts are told apart by it");
      }
      rules.add(rule);
    }
    return rules;
  }

  private EventRule rule(RuleNode node) {
    String name = node.text("name", "alerts have it, and it goes into their ids");
    TableContract event = event(node);
    List<String> key = node.texts("key", "the column, or columns, that say whose events they are");
    key.forEach(column -> requireColumn(column, event, node));
    List<String> kinds = Stream.of(PATTERN, VELOCITY, DEVIATION).filter(node::has).toList();
    if (kinds.size() != 1) {
      throw node.fault(
          "must have one of "
              + String.join(", ", KINDS)
              + "; it has "
              + (kinds.isEmpty() ? "none" : String.join(", ", kinds)));
    }
    RuleExpression where = node.has("where") ? expression("where", name, event, node) : null;
    try {
      return switch (kinds.get(0)) {
        case PATTERN -> pattern(name, event, key, where, node);
        case VELOCITY -> velocity(name, event, key, where, node);
        default -> deviation(name, event, key, where, node);
      };
    } catch (IllegalArgumentException e) {
      throw LaunchException.input(node.fault(e.getMessage()).getMessage(), e);
    }
  }

  private static EventRule pattern(
      String name,
      TableContract event,
      List<String> key,
      @Nullable RuleExpression where,
      RuleNode node) {
    PatternNode pattern = PatternNode.of(node.object(PATTERN, PatternNode.FIELDS));
    List<RuleExpression> steps =
        pattern.steps().stream().map(step -> expression("where", name, event, step)).toList();
    Judge judge = new Judge(event, key, where, steps, null, pattern.isStrict());
    return new EventRule(name, event, judge, pattern.detect(name));
  }

  private static EventRule velocity(
      String name,
      TableContract event,
      List<String> key,
      @Nullable RuleExpression where,
      RuleNode node) {
    RuleNode velocity = node.object(VELOCITY, "moreThan", "within");
    return new EventRule(
        name,
        event,
        new Judge(event, key, where, List.of(), null, true),
        DetectThreshold.of(
                name,
                JudgedEvent::key,
                Velocity.<JudgedEvent>above(
                    velocity.count("moreThan"), velocity.duration("within")))
            .withEventId(JudgedEvent::id));
  }

  private static EventRule deviation(
      String name,
      TableContract event,
      List<String> key,
      @Nullable RuleExpression where,
      RuleNode node) {
    RuleNode fields = node.object(DEVIATION, "of", "deviations", "after", "forgetAfter");
    RuleExpression value = expression("of", name, event, fields);
    Deviation<JudgedEvent> deviation = Deviation.of(JudgedEvent::value);
    if (fields.has("deviations")) {
      deviation = deviation.beyond(fields.number("deviations").doubleValue());
    }
    if (fields.has("after")) {
      deviation = deviation.after(fields.count("after"));
    }
    if (fields.has("forgetAfter")) {
      deviation = deviation.withIdleExpiry(fields.duration("forgetAfter"));
    }
    return new EventRule(
        name,
        event,
        new Judge(event, key, where, List.of(), value, true),
        DetectThreshold.of(name, JudgedEvent::key, deviation).withEventId(JudgedEvent::id));
  }

  private TableContract event(RuleNode node) {
    List<String> events = contract.events().stream().map(TableContract::name).toList();
    String name = node.text("event", "one of " + String.join(", ", events));
    return contract.events().stream()
        .filter(event -> event.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                node.fault(
                    "is about the event "
                        + name
                        + ", which the contract does not have; it has "
                        + String.join(", ", events)));
  }

  private static RuleExpression expression(
      String field, String rule, TableContract event, RuleNode node) {
    String text = node.text(field, "an expression over the event's columns, such as amount > 500");
    RuleExpression expression;
    try {
      expression = new RuleExpression(rule, text);
    } catch (ExpressionException e) {
      throw LaunchException.input(
          node.fault(field + " is no expression: " + text + ": " + e.getMessage()).getMessage(), e);
    }
    expression.columns().forEach(column -> requireColumn(column, event, node));
    return expression;
  }

  private static void requireColumn(String name, TableContract event, RuleNode node) {
    if (EventColumns.find(event, name).isEmpty()) {
      throw node.fault(
          "names "
              + name
              + ", which is no column of the event "
              + event.name()
              + "; it has "
              + String.join(", ", event.columns().stream().map(c -> c.name()).toList()));
    }
  }
}
