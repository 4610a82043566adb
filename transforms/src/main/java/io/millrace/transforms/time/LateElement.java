package io.millrace.transforms.time;

import com.google.auto.value.AutoValue;
import org.joda.time.Duration;
import org.joda.time.Instant;

/** An element that came when the watermark had passed it by more than was allowed. */
@AutoValue
public abstract class LateElement<T> {

  /** An element with its timestamp, and the watermark when it came. */
  public static <T> LateElement<T> of(T element, Instant timestamp, Instant watermark) {
    return new AutoValue_LateElement<>(element, timestamp, watermark);
  }

  public abstract T element();

  /** The element's own. */
  public abstract Instant timestamp();

  /** How far event time had come when the element came. */
  public abstract Instant watermark();

  /** How far behind the watermark the element was. */
  public Duration lateness() {
    return new Duration(timestamp(), watermark());
  }
}
