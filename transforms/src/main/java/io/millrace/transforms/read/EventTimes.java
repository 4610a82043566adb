package io.millrace.transforms.read;

import com.google.auto.value.AutoValue;
import io.millrace.schemas.avro.SchemaRegistry;
import io.millrace.schemas.contract.Contract;
import io.millrace.schemas.format.EventReader;
import io.millrace.schemas.format.EventTimeReader;
import java.io.Serializable;
import java.time.Clock;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.joda.time.Duration;

/**
 * How it is found when the event of a topic's record happened, so that the watermark can follow:
 * see {@link ReadTopics.Records#withEventTimes}.
 */
@AutoValue
public abstract class EventTimes implements Serializable {
  private static final long serialVersionUID = 1L;

  abstract @Nullable Contract contract();

  abstract @Nullable SchemaRegistry schemaRegistry();

  abstract Duration futureTolerance();

  abstract Builder toBuilder();

  /** The records' own timestamps, which producers or brokers gave them. */
  public static EventTimes ofRecords() {
    return new AutoValue_EventTimes.Builder().setFutureTolerance(Duration.standardHours(1)).build();
  }

  /**
   * What the business events in the records tell, by their contract. Reading it costs a scan of
   * each record.
   *
   * @throws IllegalArgumentException if the contract has no event, or the time of one is a computed
   *     column
   */
  public static EventTimes of(Contract contract) {
    EventReader.requireEvents(contract);
    EventTimes times = ofRecords().toBuilder().setContract(contract).build();
    times.open(Clock.systemUTC());
    return times;
  }

  /** Reads values that are in Avro with this registry's schemas; by default there are none. */
  public EventTimes withSchemaRegistry(SchemaRegistry registry) {
    return toBuilder().setSchemaRegistry(registry).build();
  }

  /**
   * How much later than it came in, or than now, an event may have happened to count; an hour by
   * default, and best the same as in {@link
   * io.millrace.transforms.event.ParseEvents#withFutureTolerance}.
   *
   * @throws IllegalArgumentException if {@code tolerance} is negative
   */
  public EventTimes withFutureTolerance(Duration tolerance) {
    if (tolerance.getMillis() < 0) {
      throw new IllegalArgumentException("futureTolerance must be 0 or more, got " + tolerance);
    }
    return toBuilder().setFutureTolerance(tolerance).build();
  }

  /** Something that finds the times, for one thread at a time. */
  RecordTimes open(Clock clock) {
    long tolerance = futureTolerance().getMillis();
    if (contract() == null) {
      return (record, timestamp) ->
          timestamp > clock.millis() + tolerance ? RecordTimes.NONE : timestamp;
    }
    return new PayloadTimes(
        new EventTimeReader(contract(), java.time.Duration.ofMillis(tolerance), clock),
        schemaRegistry());
  }

  /** What the display of a job shows. */
  String told() {
    return (contract() == null ? "records" : "contract " + contract().id())
        + ", at most "
        + futureTolerance()
        + " ahead";
  }

  @AutoValue.Builder
  abstract static class Builder {
    abstract Builder setContract(Contract contract);

    abstract Builder setSchemaRegistry(SchemaRegistry registry);

    abstract Builder setFutureTolerance(Duration tolerance);

    abstract EventTimes build();
  }
}
