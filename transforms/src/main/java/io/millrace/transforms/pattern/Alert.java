package io.millrace.transforms.pattern;

import com.google.auto.value.AutoValue;
import java.util.List;
import java.util.SortedMap;
import org.joda.time.Instant;

/**
 * What a rule found. The same events make the same alert, with the same {@link #id()}, however
 * often and in whatever order they come: a table keyed by it holds each alert once, and in a topic
 * keyed by it a repetition is seen as one.
 */
@AutoValue
public abstract class Alert<T> {

  static <T> Alert<T> of(
      String rule,
      String key,
      String id,
      List<MatchedEvent<T>> events,
      Instant start,
      Instant end,
      SortedMap<String, Double> measures) {
    return new AutoValue_Alert<>(rule, key, id, events, start, end, measures);
  }

  /** The rule's name. */
  public abstract String rule();

  /** Whose events they are: a card, a customer. */
  public abstract String key();

  /** 32 hexadecimal digits that stand for the rule, the key and the events. */
  public abstract String id();

  /** The events that the rule matched, in order of time. */
  public abstract List<MatchedEvent<T>> events();

  /** The time of the first of them. */
  public abstract Instant start();

  /** When it was certain: the time of the last event, or when something had not come in time. */
  public abstract Instant end();

  /** Numbers that explain it, by name; empty for patterns. */
  public abstract SortedMap<String, Double> measures();
}
