package io.millrace.schemas.format;

import io.millrace.schemas.BusinessEvent;
import io.millrace.schemas.RecordBlock;
import io.millrace.schemas.UnknownColumns;
import io.millrace.schemas.contract.Contract;
import java.time.Clock;
import java.time.Duration;

/**
 * Reads business events as inserts of rows. One may have happened, by its own clock, up to an hour
 * after it came in.
 */
final class InsertReader implements RecordReader {
  private static final Duration FUTURE_TOLERANCE = Duration.ofHours(1);

  private final EventReader events;
  private final EventChanges changes;

  InsertReader(Contract contract, UnknownColumns unknownColumns, int epoch) {
    this.events = new EventReader(contract, unknownColumns, FUTURE_TOLERANCE, Clock.systemUTC());
    this.changes = new EventChanges(contract, epoch);
  }

  @Override
  public void read(RecordBlock.Cursor record, Output output) {
    BusinessEvent event = events.read(record);
    if (event == null) {
      output.control(Control.TOMBSTONE);
    } else {
      output.unknownColumns(events.unknownColumns());
      output.change(changes.insert(event));
    }
  }
}
