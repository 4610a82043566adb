package io.millrace.pipelines.detect;

import io.millrace.schemas.BusinessEvent;
import io.millrace.schemas.contract.ColumnContract;
import io.millrace.schemas.contract.TableContract;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Tells of an event what a rule needs to know. An instance is used by one thread at a time. */
final class Judge implements Serializable {
  private static final long serialVersionUID = 1L;

  private final ArrayList<String> key;
  private final ArrayList<String> id;
  private final @Nullable RuleExpression where;
  private final ArrayList<RuleExpression> steps;
  private final @Nullable RuleExpression value;
  private final boolean takesAll;
  private final EventColumns columns;

  /**
   * A judge of events of a type.
   *
   * @param key names of columns
   * @param where which events the rule is about; null for all
   * @param steps what each step wants
   * @param value the number that the rule looks at; null if it looks at none
   * @param takesAll whether also such events count that no step wants
   */
  Judge(
      TableContract event,
      List<String> key,
      @Nullable RuleExpression where,
      List<RuleExpression> steps,
      @Nullable RuleExpression value,
      boolean takesAll) {
    this.key = new ArrayList<>(key);
    this.id =
        new ArrayList<>(
            event.keyColumns().stream()
                .map(event.columns()::get)
                .map(ColumnContract::name)
                .toList());
    this.where = where;
    this.steps = new ArrayList<>(steps);
    this.value = value;
    this.takesAll = takesAll;
    Set<String> names = new LinkedHashSet<>(key);
    names.addAll(id);
    steps.forEach(step -> names.addAll(step.columns()));
    if (where != null) {
      names.addAll(where.columns());
    }
    if (value != null) {
      names.addAll(value.columns());
    }
    this.columns = new EventColumns(event, names);
  }

  /**
   * Judges an event; null if it is nothing to the rule, as are those without a key.
   *
   * @throws io.millrace.schemas.RejectedRecordException if an expression has no value for it
   */
  @Nullable JudgedEvent judge(BusinessEvent event) {
    Function<String, @Nullable Object> values = columns.values(event);
    String whose = text(key, values);
    if (whose == null || (where != null && !where.holds(values))) {
      return null;
    }
    long isSteps = 0;
    for (int i = 0; i < steps.size(); i++) {
      if (steps.get(i).holds(values)) {
        isSteps |= 1L << i;
      }
    }
    if (isSteps == 0 && !takesAll) {
      return null;
    }
    double number = value == null ? Double.NaN : value.number(values);
    return new JudgedEvent(whose, String.valueOf(text(id, values)), isSteps, number);
  }

  private static @Nullable String text(
      List<String> names, Function<String, @Nullable Object> values) {
    return Texts.of(names.stream().<@Nullable Object>map(values).toList());
  }
}
