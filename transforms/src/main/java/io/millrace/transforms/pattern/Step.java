package io.millrace.transforms.pattern;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * One event of a match: what it must be, and what may not come before it. A stage that is wanted
 * several times is so many steps.
 */
record Step<T>(Stage<T> stage, List<Stage<T>> forbidden) implements Serializable {
  private static final long serialVersionUID = 1L;

  boolean isStrict() {
    return stage.kind() == Stage.Kind.STRICT;
  }

  static <T> List<Step<T>> of(List<Stage<T>> stages) {
    List<Step<T>> steps = new ArrayList<>();
    List<Stage<T>> forbidden = new ArrayList<>();
    for (Stage<T> stage : stages) {
      if (stage.isNegated()) {
        forbidden.add(stage);
        continue;
      }
      steps.add(new Step<>(stage, List.copyOf(forbidden)));
      forbidden.clear();
      for (int i = 1; i < stage.times(); i++) {
        steps.add(new Step<>(stage, List.of()));
      }
    }
    return List.copyOf(steps);
  }

  /** What may not come after the last step. */
  static <T> List<Stage<T>> forbiddenAtTheEnd(List<Stage<T>> stages) {
    int from = stages.size();
    while (stages.get(from - 1).isNegated()) {
      from--;
    }
    return List.copyOf(stages.subList(from, stages.size()));
  }
}
