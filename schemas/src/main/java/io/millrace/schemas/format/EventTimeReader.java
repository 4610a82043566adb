package io.millrace.schemas.format;

import io.millrace.schemas.BusinessEvent;
import io.millrace.schemas.RecordBlock;
import io.millrace.schemas.RejectedRecordException;
import io.millrace.schemas.UnknownColumns;
import io.millrace.schemas.contract.ColumnContract;
import io.millrace.schemas.contract.Contract;
import io.millrace.schemas.contract.EventTimeColumn;
import io.millrace.schemas.contract.TableContract;
import java.util.List;

/**
 * Reads from records no more than when their business events happened, as {@link EventReader} does.
 * An instance is used by one thread at a time.
 */
public final class EventTimeReader {
  private record TimedType(EventTimeColumn time, ImageReaders readers) {}

  private final EventTypes<TimedType> types;
  private final EventPayload payload = new EventPayload();

  /**
   * A reader of the times of a contract's events.
   *
   * @throws IllegalArgumentException if the time of an event is derived, so that only who reads the
   *     whole event can tell it
   */
  public EventTimeReader(Contract contract) {
    this.types = new EventTypes<>(contract, EventTimeReader::timed);
  }

  private static TimedType timed(TableContract table) {
    EventTimeColumn time = table.event().orElseThrow().occurred();
    ColumnContract column = table.columns().get(time.index());
    if (column.isDerived()) {
      throw new IllegalArgumentException(
          "The time of event "
              + table.physicalName()
              + " is the column "
              + column.physicalName()
              + ", which is computed; name a column of the source as eventTime, or take the"
              + " records' own times");
    }
    return new TimedType(
        time, new ImageReaders(table, UnknownColumns.IGNORE, List.of(time.index())));
  }

  /** When the event happened, in microseconds; {@link BusinessEvent#NO_TIME} if it tells none. */
  public long micros(RecordBlock.Cursor record) {
    try {
      if (!payload.take(record)) {
        return BusinessEvent.NO_TIME;
      }
      TimedType type = types.of(payload, record.topic());
      Object value =
          type.readers.of(payload.image()).readWanted(payload.image()).value(type.time.index());
      return value == null ? BusinessEvent.NO_TIME : type.time.micros(value);
    } catch (RejectedRecordException e) {
      return BusinessEvent.NO_TIME;
    }
  }
}
