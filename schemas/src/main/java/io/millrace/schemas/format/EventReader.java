package io.millrace.schemas.format;

import io.millrace.schemas.BusinessEvent;
import io.millrace.schemas.RecordBlock;
import io.millrace.schemas.RejectedRecordException;
import io.millrace.schemas.RejectedRecordException.Reason;
import io.millrace.schemas.UnknownColumns;
import io.millrace.schemas.contract.Contract;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Reads the business events of a contract from records that are JSON objects, or such objects
 * beside a schema block of Kafka Connect. An instance is used by one thread at a time.
 */
public final class EventReader {
  private final EventTypes<EventType> types;
  private final Duration futureTolerance;
  private final Clock clock;
  private final EventPayload payload = new EventPayload();
  private int unknownColumns;

  /**
   * A reader of a contract's events.
   *
   * @param futureTolerance how much later than it was received, or than now, an event may have
   *     happened by its own clock
   * @throws IllegalArgumentException if the contract has no event
   */
  public EventReader(
      Contract contract, UnknownColumns unknownColumns, Duration futureTolerance, Clock clock) {
    if (contract.events().isEmpty()) {
      throw new IllegalArgumentException(
          "The contract "
              + contract.id()
              + " has no business event; mark one with the custom property kind: event");
    }
    this.types = new EventTypes<>(contract, table -> new EventType(table, unknownColumns));
    this.futureTolerance = futureTolerance;
    this.clock = clock;
  }

  /**
   * The event that the cursor is at.
   *
   * @return null if the record holds nothing
   * @throws RejectedRecordException if it is no event of the contract, or does not fit it, or has a
   *     time that cannot be
   */
  public @Nullable BusinessEvent read(RecordBlock.Cursor record) {
    unknownColumns = 0;
    if (!payload.take(record)) {
      return null;
    }
    EventType type = types.of(payload, record.topic());
    try {
      BusinessEvent event = type.read(payload.image(), record);
      requirePast(event);
      unknownColumns = type.unknownColumns();
      return event;
    } catch (RejectedRecordException e) {
      throw e.of(type.name(), null);
    }
  }

  /** How many columns of the last event the contract does not know. */
  public int unknownColumns() {
    return unknownColumns;
  }

  private void requirePast(BusinessEvent event) {
    long now = clock.millis() * 1_000;
    long received = event.receivedAt() == BusinessEvent.NO_TIME ? now : event.receivedAt();
    long latest = Math.min(received, now) + futureTolerance.toNanos() / 1_000;
    if (event.occurredAt() > latest) {
      throw new RejectedRecordException(
          Reason.BAD_TIME,
          "the event happened, by its own clock, at "
              + time(event.occurredAt())
              + ", more than "
              + futureTolerance
              + " after it came in at "
              + time(Math.min(received, now))
              + "; set the clock right, or allow more (futureTolerance)");
    }
  }

  private static Instant time(long micros) {
    return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
  }
}
