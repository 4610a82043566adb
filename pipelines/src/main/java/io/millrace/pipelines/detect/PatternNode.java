package io.millrace.pipelines.detect;

import io.millrace.transforms.pattern.Detect;
import io.millrace.transforms.pattern.DetectPattern;
import io.millrace.transforms.pattern.Pattern;
import java.util.List;
import org.apache.beam.sdk.transforms.SerializableFunction;
import org.checkerframework.checker.nullness.qual.Nullable;

/** The pattern of a rule, whose steps are known by their places. */
record PatternNode(RuleNode node, List<RuleNode> steps) {
  static final String[] FIELDS = {"steps", "within", "overlapping", "mostOpen"};

  static PatternNode of(RuleNode node) {
    List<RuleNode> steps = node.list("steps", "step", "name", "where", "times", "next", "not");
    if (steps.size() > JudgedEvent.MOST_STEPS) {
      throw node.fault("has more than " + JudgedEvent.MOST_STEPS + " steps");
    }
    return new PatternNode(node, steps);
  }

  /** Whether an event that no step wants may end a match. */
  boolean isStrict() {
    return steps.stream().anyMatch(step -> step.flag("next"));
  }

  /**
   * Finds the pattern in judged events.
   *
   * @throws IllegalArgumentException if there is no such pattern
   */
  Detect<JudgedEvent> detect(String rule) {
    @Nullable Pattern<JudgedEvent> pattern = null;
    for (int i = 0; i < steps.size(); i++) {
      pattern = add(pattern, steps.get(i), i);
    }
    pattern = pattern.within(node.duration("within"));
    if (node.flag("overlapping")) {
      pattern = pattern.overlapping();
    }
    if (node.has("mostOpen")) {
      pattern = pattern.withMostOpen(node.count("mostOpen"));
    }
    return DetectPattern.of(rule, JudgedEvent::key, pattern).withEventId(JudgedEvent::id);
  }

  private static Pattern<JudgedEvent> add(
      @Nullable Pattern<JudgedEvent> pattern, RuleNode step, int place) {
    String name = step.text("name", "alerts tell by it which event was which");
    SerializableFunction<JudgedEvent, Boolean> is = event -> event.is(place);
    boolean isNext = step.flag("next");
    boolean isNot = step.flag("not");
    if (isNext && isNot) {
      throw step.fault("is both next and not; it can be one of them");
    }
    Pattern<JudgedEvent> more;
    if (pattern == null) {
      if (isNext || isNot) {
        throw step.fault("is the first, which begins the pattern, and cannot be next or not");
      }
      more = Pattern.begin(name, is);
    } else if (isNext) {
      more = pattern.next(name, is);
    } else {
      more = isNot ? pattern.notFollowedBy(name, is) : pattern.followedBy(name, is);
    }
    return step.has("times") ? more.times(step.count("times")) : more;
  }
}
