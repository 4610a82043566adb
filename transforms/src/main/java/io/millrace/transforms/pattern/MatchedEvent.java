package io.millrace.transforms.pattern;

import com.google.auto.value.AutoValue;
import org.joda.time.Instant;

/** An event that made a rule's alert. */
@AutoValue
public abstract class MatchedEvent<T> {

  static <T> MatchedEvent<T> of(String stage, Instant timestamp, T event) {
    return new AutoValue_MatchedEvent<>(stage, timestamp, event);
  }

  /** The name of the stage of the pattern that it matched. */
  public abstract String stage();

  public abstract Instant timestamp();

  public abstract T event();
}
