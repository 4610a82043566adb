package io.millrace.schemas;

import com.google.auto.value.AutoValue;
import org.apache.beam.sdk.coders.DefaultCoder;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Something that happened, as who saw it tells it: a purchase, a click, a measurement. It stands by
 * itself, where a {@link ChangeEvent} changes a row.
 *
 * <p>Times are microseconds since 1970-01-01T00:00:00Z, from 1970 to 9999, or {@link #NO_TIME}
 * where there is none. A column that the image does not hold is null.
 *
 * @see io.millrace.schemas.contract.EventContract
 */
@AutoValue
@DefaultCoder(BusinessEventCoder.class)
public abstract class BusinessEvent {
  /** Stands for a time that nothing told. */
  public static final long NO_TIME = ChangeEvent.NO_TIME;

  /** The contract's schema object, by its {@code physicalName}. */
  public abstract String type();

  /** What tells the event from all others of its type: the values of the contract's key. */
  public abstract Key id();

  /** The device that saw the event, or the sender, as text; null where the event names none. */
  public abstract @Nullable String source();

  /** When it happened, by the clock of who saw it; never {@link #NO_TIME}. */
  public abstract long occurredAt();

  /** When it was sent, by the same clock. */
  public abstract long sentAt();

  /**
   * When it came in: by the clock of who received it first, if the contract has a column for that;
   * else when its record came to the topic.
   */
  public abstract long receivedAt();

  public abstract Origin origin();

  /** The event's columns: the bytes as they were received. */
  public abstract Image image();

  public abstract Builder toBuilder();

  /** A builder of an event without a source, that was neither sent nor received. */
  public static Builder builder() {
    return new AutoValue_BusinessEvent.Builder().setSentAt(NO_TIME).setReceivedAt(NO_TIME);
  }

  /** Builds business events. */
  @AutoValue.Builder
  public abstract static class Builder {
    public abstract Builder setType(String type);

    public abstract Builder setId(Key id);

    public abstract Builder setSource(@Nullable String source);

    public abstract Builder setOccurredAt(long micros);

    public abstract Builder setSentAt(long micros);

    public abstract Builder setReceivedAt(long micros);

    public abstract Builder setOrigin(Origin origin);

    public abstract Builder setImage(Image image);

    public abstract BusinessEvent build();
  }
}
