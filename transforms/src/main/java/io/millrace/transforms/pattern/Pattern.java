package io.millrace.transforms.pattern;

import io.millrace.transforms.time.KeyProcess;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.transforms.SerializableFunction;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.joda.time.Duration;

/**
 * A sequence of events of a key; what it means in full, {@link DetectPattern} says. Immutable.
 *
 * <pre>{@code
 * Pattern.<Payment>begin("small", payment -> payment.cents() < 200)
 *     .times(3)
 *     .followedBy("big", payment -> payment.cents() > 50_000)
 *     .within(Duration.standardMinutes(10))
 * }</pre>
 */
public final class Pattern<T> implements Rule<T> {
  private static final long serialVersionUID = 1L;
  private static final int MOST_OPEN = 1_000;

  private final List<Stage<T>> stages;
  private final @Nullable Duration within;
  private final boolean overlapping;
  private final int mostOpen;

  private Pattern(
      List<Stage<T>> stages, @Nullable Duration within, boolean overlapping, int mostOpen) {
    this.stages = stages;
    this.within = within;
    this.overlapping = overlapping;
    this.mostOpen = mostOpen;
  }

  /** Begins with an event of which this is true. */
  public static <T> Pattern<T> begin(String name, SerializableFunction<T, Boolean> predicate) {
    return new Pattern<>(
        List.of(new Stage<>(name, predicate, Stage.Kind.RELAXED, 1)), null, false, MOST_OPEN);
  }

  /** Goes on with the next event of which this is true, whatever comes between. */
  public Pattern<T> followedBy(String name, SerializableFunction<T, Boolean> predicate) {
    return with(new Stage<>(name, predicate, Stage.Kind.RELAXED, 1));
  }

  /** Goes on with the key's very next event, of which this must be true. */
  public Pattern<T> next(String name, SerializableFunction<T, Boolean> predicate) {
    if (last().isNegated()) {
      throw new IllegalArgumentException(
          "stage \"" + name + "\" cannot be next after \"" + last().name() + "\", which is absent");
    }
    return with(new Stage<>(name, predicate, Stage.Kind.STRICT, 1));
  }

  /**
   * Goes on only if no event of which this is true comes before the next stage; at the end, before
   * the time is over.
   */
  public Pattern<T> notFollowedBy(String name, SerializableFunction<T, Boolean> predicate) {
    return with(new Stage<>(name, predicate, Stage.Kind.NEGATED, 1));
  }

  /**
   * Wants the last stage so often: whatever comes between; without anything between after {@link
   * #next}.
   *
   * @throws IllegalArgumentException if {@code times} is below 1, or the last stage is an absence
   */
  public Pattern<T> times(int times) {
    if (times < 1 || last().isNegated()) {
      throw new IllegalArgumentException(
          "times of stage \""
              + last().name()
              + "\" must be 1 or more, of an event that comes, got "
              + times);
    }
    List<Stage<T>> changed = new ArrayList<>(stages);
    changed.set(stages.size() - 1, last().withTimes(times));
    return new Pattern<>(List.copyOf(changed), within, overlapping, mostOpen);
  }

  /**
   * Wants the last event less than this after the first.
   *
   * @throws IllegalArgumentException if {@code time} is not longer than 0
   */
  public Pattern<T> within(Duration time) {
    if (time.getMillis() <= 0) {
      throw new IllegalArgumentException("a pattern's time must be longer than 0, got " + time);
    }
    return new Pattern<>(stages, time, overlapping, mostOpen);
  }

  /** Lets an event be part of several matches; by default a match ends all others it overlaps. */
  public Pattern<T> overlapping() {
    return new Pattern<>(stages, within, true, mostOpen);
  }

  /**
   * Sets how many matches of a key may be open at a time; the oldest is given up for one more, and
   * counted as {@code matches_given_up}. 1,000 by default.
   *
   * @throws IllegalArgumentException if it is below 1
   */
  public Pattern<T> withMostOpen(int mostOpen) {
    if (mostOpen < 1) {
      throw new IllegalArgumentException("open matches must be 1 or more, got " + mostOpen);
    }
    return new Pattern<>(stages, within, overlapping, mostOpen);
  }

  List<Stage<T>> stages() {
    return stages;
  }

  long withinMillis() {
    return checkTime().getMillis();
  }

  boolean isOverlapping() {
    return overlapping;
  }

  int mostOpen() {
    return mostOpen;
  }

  @Override
  public KeyProcess<Alert<T>> process(AlertMaker<T> maker) {
    return new PatternProcess<>(this, maker);
  }

  @Override
  public Duration turnEvery() {
    return checkTime();
  }

  /** The pattern's time, which it must have. */
  Duration checkTime() {
    if (within == null) {
      throw new IllegalArgumentException(
          "the pattern " + this + " needs a time: end it with within(...)");
    }
    return within;
  }

  private Stage<T> last() {
    return stages.get(stages.size() - 1);
  }

  private Pattern<T> with(Stage<T> stage) {
    if (stages.stream().anyMatch(other -> other.name().equals(stage.name()))) {
      throw new IllegalArgumentException(
          "two stages of a pattern are named \"" + stage.name() + "\"; name one of them otherwise");
    }
    List<Stage<T>> more = new ArrayList<>(stages);
    more.add(stage);
    return new Pattern<>(List.copyOf(more), within, overlapping, mostOpen);
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    stages.forEach(stage -> text.append(text.isEmpty() ? "" : " ").append(stage));
    return text + (within == null ? "" : " within " + within);
  }
}
