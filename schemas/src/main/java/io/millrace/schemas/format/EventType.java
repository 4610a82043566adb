package io.millrace.schemas.format;

import io.millrace.schemas.BusinessEvent;
import io.millrace.schemas.ChangeEvent;
import io.millrace.schemas.Image;
import io.millrace.schemas.Operation;
import io.millrace.schemas.Origin;
import io.millrace.schemas.PositionEncoder;
import io.millrace.schemas.RecordBlock;
import io.millrace.schemas.RejectedRecordException;
import io.millrace.schemas.RejectedRecordException.Reason;
import io.millrace.schemas.UnknownColumns;
import io.millrace.schemas.contract.EventContract;
import io.millrace.schemas.contract.EventTimeColumn;
import io.millrace.schemas.contract.TableContract;
import io.millrace.schemas.image.Columns;
import java.util.LinkedHashSet;
import java.util.Set;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Reads the business events of one type. */
final class EventType {
  private static final RowChanges.MessageKey NO_KEY = () -> null;

  private final TableContract table;
  private final EventContract contract;
  private final ImageReaders readers;
  private final RowKeys keys;
  private final @Nullable RequiredColumns required;
  private final @Nullable DerivedColumns derived;
  private final PositionEncoder positions = new PositionEncoder();
  private int unknownColumns;

  EventType(TableContract table, UnknownColumns unknownColumns) {
    this.table = table;
    this.contract = table.event().orElseThrow();
    this.readers = new ImageReaders(table, table.unknownColumns(unknownColumns), wanted());
    this.keys = new RowKeys(table, readers);
    this.required = RequiredColumns.of(table);
    this.derived = DerivedColumns.of(table, table.physicalName());
  }

  /** The columns that are read from every event. */
  private Set<Integer> wanted() {
    Set<Integer> wanted = new LinkedHashSet<>(table.keyColumns());
    wanted.add(contract.occurred().index());
    for (EventTimeColumn time : new EventTimeColumn[] {contract.sent(), contract.received()}) {
      if (time != null) {
        wanted.add(time.index());
      }
    }
    if (contract.source() != null) {
      wanted.add(contract.source());
    }
    return wanted;
  }

  /** The event's name in the contract. */
  String name() {
    return table.physicalName();
  }

  /** How many columns of the last event the contract does not know. */
  int unknownColumns() {
    return unknownColumns;
  }

  /**
   * The event that a record holds.
   *
   * @throws RejectedRecordException if it does not fit the contract
   */
  BusinessEvent read(Image received, RecordBlock.Cursor record) {
    Origin origin = record.origin();
    long receivedAt =
        origin.isFile() ? BusinessEvent.NO_TIME : Micros.orNoTime(record.timestampMillis());
    Image image = derived == null ? received : derive(derived, received, record);
    Columns columns = readers.of(image).check(image);
    unknownColumns = columns.unknown();
    if (required != null) {
      required.check(columns, image, Operation.INSERT);
    }
    if (columns.value(contract.occurred().index()) == null) {
      throw new RejectedRecordException(
          Reason.NO_TIME,
          "the event does not tell when it happened: column "
              + contract.occurred().physicalName()
              + " is "
              + (columns.isSupplied(contract.occurred().index()) ? "null" : "missing"));
    }
    Object source = contract.source() == null ? null : columns.value(contract.source());
    return BusinessEvent.builder()
        .setType(table.physicalName())
        .setId(keys.of(columns, NO_KEY))
        .setSource(source == null ? null : source.toString())
        .setOccurredAt(time(contract.occurred(), columns, BusinessEvent.NO_TIME))
        .setSentAt(time(contract.sent(), columns, BusinessEvent.NO_TIME))
        .setReceivedAt(time(contract.received(), columns, receivedAt))
        .setOrigin(origin)
        .setImage(image)
        .build();
  }

  /** A time that the event tells, in microseconds, or else another. */
  static long time(@Nullable EventTimeColumn column, Columns columns, long otherwise) {
    Object value = column == null ? null : columns.value(column.index());
    return value == null ? otherwise : column.micros(value);
  }

  private Image derive(DerivedColumns columns, Image received, RecordBlock.Cursor record) {
    columns.begin(
        ChangeEvent.builder()
            .setPosition(Places.append(positions.start(0), record.origin()).end())
            .setReceivedAt(Micros.orNoTime(record.timestampMillis()))
            .setOrigin(record.origin()),
        Operation.INSERT);
    return columns.row(received, null, NO_KEY);
  }
}
