package io.millrace.schemas.format;

import io.millrace.schemas.BusinessEvent;
import io.millrace.schemas.RejectedRecordException;
import io.millrace.schemas.UnknownColumns;
import io.millrace.schemas.contract.ColumnContract;
import io.millrace.schemas.contract.Contract;
import io.millrace.schemas.contract.EventContract;
import io.millrace.schemas.contract.EventTimeColumn;
import io.millrace.schemas.contract.TableContract;
import io.millrace.schemas.image.Columns;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Set;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Reads from a topic's records no more than when their business events happened, as {@link
 * EventReader} does. An instance is used by one thread at a time.
 */
public final class EventTimeReader {
  private record TimedType(EventContract contract, ImageReaders readers) {}

  private final EventTypes<TimedType> types;
  private final PlausibleTimes plausible;
  private final EventPayload payload = new EventPayload();

  /**
   * A reader of the times of a contract's events.
   *
   * @param futureTolerance see {@link EventReader}
   * @throws IllegalArgumentException if the contract has no event, or the time of one is derived,
   *     so that only who reads the whole event can tell it
   */
  public EventTimeReader(Contract contract, Duration futureTolerance, Clock clock) {
    EventReader.requireEvents(contract);
    this.types = new EventTypes<>(contract, EventTimeReader::timed);
    this.plausible = new PlausibleTimes(futureTolerance, clock);
  }

  private static TimedType timed(TableContract table) {
    EventContract contract = table.event().orElseThrow();
    Set<Integer> wanted = new LinkedHashSet<>();
    for (EventTimeColumn time : new EventTimeColumn[] {contract.occurred(), contract.received()}) {
      if (time != null) {
        requireReceived(table, table.columns().get(time.index()));
        wanted.add(time.index());
      }
    }
    return new TimedType(contract, new ImageReaders(table, UnknownColumns.IGNORE, wanted));
  }

  private static void requireReceived(TableContract table, ColumnContract column) {
    if (column.isDerived()) {
      throw new IllegalArgumentException(
          "A time of event "
              + table.physicalName()
              + " is the column "
              + column.physicalName()
              + ", which is computed; name a column of the source as eventTime and receivedTime, or"
              + " take the records' own times");
    }
  }

  /**
   * When the event of a record happened, in microseconds; {@link BusinessEvent#NO_TIME} if it does
   * not tell, or tells what cannot be.
   *
   * @param buffer holds the record's value
   * @param timestampMillis when the record came to the topic
   */
  public long micros(
      byte[] buffer, int start, int length, @Nullable String topic, long timestampMillis) {
    try {
      if (!payload.take(buffer, start, length)) {
        return BusinessEvent.NO_TIME;
      }
      TimedType type = types.of(payload, topic);
      Columns columns = type.readers.of(payload.image()).readWanted(payload.image());
      long occurredAt = EventType.time(type.contract.occurred(), columns, BusinessEvent.NO_TIME);
      if (occurredAt != BusinessEvent.NO_TIME) {
        long receivedAt = Micros.orNoTime(timestampMillis);
        plausible.check(occurredAt, EventType.time(type.contract.received(), columns, receivedAt));
      }
      return occurredAt;
    } catch (RejectedRecordException e) {
      return BusinessEvent.NO_TIME;
    }
  }
}
