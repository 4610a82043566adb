package io.millrace.transforms.read;

import com.google.auto.value.AutoValue;
import java.io.Serializable;
import java.util.Map;
import java.util.TreeMap;
import org.joda.time.Duration;

/**
 * How a topic's watermark follows the event times of its records: the watermark says that all
 * events before it have come, and what comes behind it nevertheless is late.
 *
 * <ul>
 *   <li>A partition's watermark is its greatest event time so far less the topic's
 *       <em>disorder</em>: how much older than one before it an event may be and still be in time.
 *   <li>The watermark is the least of all partitions'. One that has records yet to be read holds
 *       it, however slow it is; one that was read to its end holds it for the <em>idle wait</em>,
 *       and then follows the clock at this distance and the disorder. What it then brings that is
 *       older is late.
 *   <li>No watermark goes back.
 * </ul>
 *
 * <p>A partition that is idle follows the clock even where the others' events are of long ago.
 */
@AutoValue
public abstract class WatermarkPolicy implements Serializable {
  private static final long serialVersionUID = 1L;

  /** How long an idle partition holds the watermark if nothing else is said. */
  public static final Duration IDLE_WAIT = Duration.standardMinutes(1);

  abstract Duration disorder();

  abstract Map<String, Duration> disorderByTopic();

  abstract Duration idleWait();

  /**
   * Events of all topics are in time that are older than one before them by no more than this.
   *
   * @throws IllegalArgumentException if {@code disorder} is negative
   */
  public static WatermarkPolicy withDisorder(Duration disorder) {
    return new AutoValue_WatermarkPolicy(required(disorder, "disorder"), Map.of(), IDLE_WAIT);
  }

  /**
   * Takes another disorder for topics that have none of their own.
   *
   * @throws IllegalArgumentException if {@code disorder} is negative
   */
  public WatermarkPolicy withDefaultDisorder(Duration disorder) {
    return new AutoValue_WatermarkPolicy(
        required(disorder, "disorder"), disorderByTopic(), idleWait());
  }

  /**
   * Takes another disorder for one topic.
   *
   * @throws IllegalArgumentException if {@code disorder} is negative
   */
  public WatermarkPolicy withDisorder(String topic, Duration disorder) {
    Map<String, Duration> byTopic = new TreeMap<>(disorderByTopic());
    byTopic.put(topic, required(disorder, "disorder"));
    return new AutoValue_WatermarkPolicy(disorder(), byTopic, idleWait());
  }

  /**
   * How long a partition that was read to its end holds the watermark; a minute by default.
   *
   * @throws IllegalArgumentException if {@code wait} is negative
   */
  public WatermarkPolicy withIdleWait(Duration wait) {
    return new AutoValue_WatermarkPolicy(disorder(), disorderByTopic(), required(wait, "idleWait"));
  }

  /** The disorder of a topic. */
  Duration disorder(String topic) {
    return disorderByTopic().getOrDefault(topic, disorder());
  }

  private static Duration required(Duration duration, String name) {
    if (duration.getMillis() < 0) {
      throw new IllegalArgumentException(name + " must be 0 or more, got " + duration);
    }
    return duration;
  }
}
