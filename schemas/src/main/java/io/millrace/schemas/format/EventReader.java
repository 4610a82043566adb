package io.millrace.schemas.format;

import io.millrace.schemas.BusinessEvent;
import io.millrace.schemas.RecordBlock;
import io.millrace.schemas.RejectedRecordException;
import io.millrace.schemas.UnknownColumns;
import io.millrace.schemas.contract.Contract;
import java.time.Clock;
import java.time.Duration;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Reads the business events of a contract from records that are JSON objects, or such objects
 * beside a schema block of Kafka Connect. An instance is used by one thread at a time.
 */
public final class EventReader {
  private final EventTypes<EventType> types;
  private final PlausibleTimes plausible;
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
    requireEvents(contract);
    this.types = new EventTypes<>(contract, table -> new EventType(table, unknownColumns));
    this.plausible = new PlausibleTimes(futureTolerance, clock);
  }

  /**
   * Makes sure that a contract has business events.
   *
   * @throws IllegalArgumentException if it has none
   */
  public static void requireEvents(Contract contract) {
    if (contract.events().isEmpty()) {
      throw new IllegalArgumentException(
          "The contract "
              + contract.id()
              + " has no business event; mark one with the custom property kind: event");
    }
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
    if (!payload.take(record.buffer(), record.valueStart(), record.valueLength())) {
      return null;
    }
    EventType type = types.of(payload, record.topic());
    try {
      BusinessEvent event = type.read(payload.image(), record);
      plausible.check(event.occurredAt(), event.receivedAt());
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
}
