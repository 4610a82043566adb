package io.millrace.transforms.pattern;

import org.apache.beam.sdk.transforms.SerializableFunction;

/**
 * Detects events of a key that are too far from its usual, or too many: thresholds over what the
 * key itself has done so far.
 *
 * <p>{@link Deviation}: the value of an event is more than so many standard deviations off the mean
 * of all that came before it. It is counted in afterwards, also if it deviates, so a new usual is
 * learnt; if all before were equal, any other value deviates. The alert's measures are {@code
 * value}, {@code mean}, {@code deviation} and {@code events} before. State: 30 bytes a key, kept
 * for ever without {@link Deviation#withIdleExpiry}.
 *
 * <p>{@link Velocity}: more than so many events within a time. The events that made an alert do not
 * make another one. It is the {@link Pattern} of one stage so many times and once more, but takes
 * less state: as many events, each some 10 bytes and what it takes encoded, freed when their time
 * is over. The alert's measure is {@code events}.
 *
 * <p>Order, duplicates, lateness: as with {@link DetectPattern}: by the order of time, which events
 * there are alone decides, and what comes after the watermark goes to {@link
 * Detect.Result#tooLate()}.
 *
 * <pre>{@code
 * payments.apply(
 *     DetectThreshold.of(
 *         "unusual_amount",
 *         Payment::card,
 *         Deviation.<Payment>of(payment -> payment.cents() / 100.0).beyond(4).after(20)));
 * payments.apply(
 *     DetectThreshold.of(
 *         "velocity", Payment::card, Velocity.above(5, Duration.standardMinutes(1))));
 * }</pre>
 */
public final class DetectThreshold {

  /**
   * Detects deviations.
   *
   * @param rule the name that alerts have, and that goes into their ids
   * @param key whose events belong together; never null
   */
  public static <T> Detect<T> of(
      String rule, SerializableFunction<T, String> key, Deviation<T> deviation) {
    return Detect.of(rule, key, deviation);
  }

  /**
   * Detects too many events in a time.
   *
   * @param rule the name that alerts have, and that goes into their ids
   * @param key whose events belong together; never null
   */
  public static <T> Detect<T> of(
      String rule, SerializableFunction<T, String> key, Velocity<T> velocity) {
    return Detect.of(rule, key, velocity);
  }

  private DetectThreshold() {}
}
