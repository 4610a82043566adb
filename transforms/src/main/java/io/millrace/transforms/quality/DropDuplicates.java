package io.millrace.transforms.quality;

import com.google.auto.value.AutoValue;
import io.millrace.transforms.block.GlobalInput;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.SerializableFunction;
import org.apache.beam.sdk.transforms.WithKeys;
import org.apache.beam.sdk.transforms.display.DisplayData;
import org.apache.beam.sdk.values.PCollection;
import org.joda.time.Duration;

/**
 * Drops events that have come before, as told by an id that their producer gave them: a message
 * that was sent again, a file that was read twice.
 *
 * <p>An event is dropped if one with its id was let through whose timestamp is no farther from its
 * own than the horizon; so of events that all lie within the horizon of each other exactly one goes
 * on, the first to arrive, on every runner and after every restart. An id is remembered at least
 * until the watermark has passed its event's timestamp and the horizon; what comes later still goes
 * on. Timestamps are the events' own, and stay as they are. Input is in the global window.
 *
 * <p>State: for each id of the last horizon its text and a timestamp, some 100 bytes with a timer.
 * How many were dropped is counted as {@code events_repeated}. Changes of rows need none of this:
 * their positions tell.
 *
 * <pre>{@code
 * events.apply(DropDuplicates.byId(Event::id).within(Duration.standardHours(24)));
 * }</pre>
 */
public final class DropDuplicates {

  /**
   * Tells events apart by an id.
   *
   * @param id of an event; never null
   */
  public static <T> ById<T> byId(SerializableFunction<T, String> id) {
    return new AutoValue_DropDuplicates_ById<>(id, Duration.standardDays(1));
  }

  /** See {@link DropDuplicates}; the horizon is a day unless another is chosen. */
  @AutoValue
  public abstract static class ById<T> extends PTransform<PCollection<T>, PCollection<T>> {
    abstract SerializableFunction<T, String> id();

    abstract Duration horizon();

    /**
     * How far apart two events with the same id may be and still be the same.
     *
     * @throws IllegalArgumentException if it is negative
     */
    public ById<T> within(Duration horizon) {
      if (horizon.getMillis() < 0) {
        throw new IllegalArgumentException("the horizon must be 0 or more, got " + horizon);
      }
      return new AutoValue_DropDuplicates_ById<>(id(), horizon);
    }

    @Override
    public PCollection<T> expand(PCollection<T> input) {
      GlobalInput.require(input, "DropDuplicates");
      return input
          .apply("Id", WithKeys.of(id()))
          .setCoder(KvCoder.of(StringUtf8Coder.of(), input.getCoder()))
          .apply("Drop", ParDo.of(new DropDuplicatesFn<>(horizon())))
          .setCoder(input.getCoder());
    }

    @Override
    public void populateDisplayData(DisplayData.Builder builder) {
      builder.add(DisplayData.item("horizon", horizon()));
    }
  }

  private DropDuplicates() {}
}
