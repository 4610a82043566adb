package io.millrace.transforms.pattern;

import org.apache.beam.sdk.transforms.SerializableFunction;

/**
 * Detects sequences of events of a key: some small payments and then a big one, an order that is
 * not paid within an hour.
 *
 * <p>A {@link Pattern} is stages, each an event of which a predicate is true. A match takes the
 * first event that fits the stage it has come to, and passes over others; after {@link
 * Pattern#next} the very next event of the key must fit. {@link Pattern#notFollowedBy} ends a match
 * as soon as an event fits that may not come, also if the same event fits the next stage; as the
 * last stage it completes the match when its time is over. The last event is less than {@link
 * Pattern#within} after the first: an event at the very end is outside.
 *
 * <p>Each event that fits the first stage begins a match of its own. By default an event is in one
 * alert only: a match that is complete ends all that began no later than its last event (of several
 * that an event completes, the one that began first is told). With {@link Pattern#overlapping} each
 * is told. In the terms of Flink's CEP (<a
 * href="https://nightlies.apache.org/flink/flink-docs-release-1.19/docs/libs/cep/">its
 * documentation</a>): relaxed contiguity, {@code followedBy}, and strict, {@code next}; not {@code
 * followedByAny}; {@code skipPastLastEvent} by default and {@code noSkip} with overlaps. Other than
 * there, {@code times} after {@code next} wants its events without others between.
 *
 * <p>Order, lateness: events wait for the watermark and are taken by their timestamps, those of the
 * same time by their bytes as encoded, so that alerts depend on which events there are, not on how
 * they came; what comes after the watermark goes to {@link Detect.Result#tooLate()}. Duplicates are
 * events of their own: {@link io.millrace.transforms.quality.DropDuplicates} first. An alert comes
 * once from each run, and the same with the same id from each.
 *
 * <p>State, by key: the open matches, some 10 bytes each and 10 for each event that they hold and
 * what it takes encoded, at most {@link Pattern#withMostOpen} matches, freed when their time is
 * over; and the events that wait, see {@link io.millrace.transforms.time.ProcessInOrder}. A
 * predicate that throws fails the run. Input is in the global window.
 *
 * <pre>{@code
 * payments
 *     .apply(
 *         DetectPattern.of(
 *             "card_testing",
 *             Payment::card,
 *             Pattern.<Payment>begin("small", payment -> payment.cents() < 200)
 *                 .times(3)
 *                 .followedBy("big", payment -> payment.cents() > 50_000)
 *                 .within(Duration.standardMinutes(10))))
 *     .alerts();
 * }</pre>
 */
public final class DetectPattern {

  /**
   * Detects a pattern.
   *
   * @param rule the name that alerts have, and that goes into their ids
   * @param key whose events belong together; never null
   * @throws IllegalArgumentException if the rule has no name or the pattern no time
   */
  public static <T> Detect<T> of(
      String rule, SerializableFunction<T, String> key, Pattern<T> pattern) {
    pattern.checkTime();
    return Detect.of(rule, key, pattern);
  }

  private DetectPattern() {}
}
