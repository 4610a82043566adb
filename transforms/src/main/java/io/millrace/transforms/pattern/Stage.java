package io.millrace.transforms.pattern;

import java.io.Serializable;
import org.apache.beam.sdk.transforms.SerializableFunction;

/** A stage of a pattern. */
record Stage<T>(String name, SerializableFunction<T, Boolean> predicate, Kind kind, int times)
    implements Serializable {
  private static final long serialVersionUID = 1L;

  /** How it goes on from the stage before. */
  enum Kind {
    /** Whatever comes between. */
    RELAXED,
    /** At once. */
    STRICT,
    /** May not come. */
    NEGATED
  }

  boolean isNegated() {
    return kind == Kind.NEGATED;
  }

  Stage<T> withTimes(int count) {
    return new Stage<>(name, predicate, kind, count);
  }

  @Override
  public String toString() {
    String prefix = kind == Kind.RELAXED ? "" : kind == Kind.STRICT ? "next " : "not ";
    return prefix + name + (times == 1 ? "" : "{" + times + "}");
  }
}
