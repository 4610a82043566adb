package io.millrace.schemas.format;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.millrace.schemas.ChangeEvent;
import io.millrace.schemas.Image;
import io.millrace.schemas.ImageEncoding;
import io.millrace.schemas.Operation;
import io.millrace.schemas.Position;
import io.millrace.schemas.PositionEncoder;
import io.millrace.schemas.RecordBlock;
import io.millrace.schemas.RejectedRecordException;
import io.millrace.schemas.RejectedRecordException.Reason;
import io.millrace.schemas.UnknownColumns;
import io.millrace.schemas.contract.Contract;
import java.io.IOException;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * What the readers of JSON envelopes have in common: an object that names its table, says what
 * happened, and holds rows. One pass over the tokens; rows stay slices of what was received. A
 * record that names no table is of the contract's only one.
 */
abstract class EnvelopeReader implements RecordReader {
  private final ContractTables tables;
  private final ImageEncoding encoding;
  private final int epoch;
  private final PositionEncoder positions = new PositionEncoder();
  private byte[] buffer = new byte[0];
  private int base;
  private String lastOwner = "";
  private String lastTable = "";
  private String lastName = "";

  EnvelopeReader(
      Contract contract, UnknownColumns unknownColumns, ImageEncoding encoding, int epoch) {
    this.tables = new ContractTables(contract, unknownColumns);
    this.encoding = encoding;
    this.epoch = epoch;
  }

  /** Forgets the last record. */
  abstract void clear();

  /** Takes a field of the envelope, whose value the parser is at, and moves over it. */
  abstract void readField(String name, JsonParser parser, JsonToken token) throws IOException;

  /**
   * What the record is if it is no change of rows, else null.
   *
   * @throws RejectedRecordException if it does not say what it is
   */
  abstract @Nullable Control control();

  /** The table that the record names, {@code schema.table}, or null if it names none. */
  abstract @Nullable String tableName();

  /** Hands on the changes; where a position is made, {@link RowEvents} notes it for complaints. */
  abstract void emit(RowEvents events);

  @Override
  public final void read(RecordBlock.Cursor record, Output output) {
    if (!record.hasValue() || record.valueLength() == 0) {
      output.control(Control.TOMBSTONE);
      return;
    }
    clear();
    buffer = record.buffer();
    base = record.valueStart();
    try (JsonParser parser = Json.parser(buffer, base, record.valueLength())) {
      readFields(parser);
    } catch (IOException e) {
      throw Json.rejection(e);
    }
    emit(record, output);
  }

  private void readFields(JsonParser parser) throws IOException {
    if (parser.nextToken() != JsonToken.START_OBJECT) {
      throw new RejectedRecordException(Reason.MALFORMED, "not a JSON object");
    }
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      readField(name, parser, parser.nextToken());
    }
    if (parser.nextToken() != null) {
      throw new RejectedRecordException(
          Reason.MALFORMED, "not one JSON object: more follows it in the record");
    }
  }

  private void emit(RecordBlock.Cursor record, Output output) {
    Control control = control();
    if (control != null) {
      output.control(control);
      return;
    }
    String name = tableName();
    RowChanges table = name == null ? tables.only() : tables.find(name);
    if (table == null) {
      output.control(Control.OTHER_TABLE);
      return;
    }
    RowEvents events = new RowEvents(table, record, output);
    try {
      emit(events);
    } catch (RejectedRecordException e) {
      throw e.of(table.contract().physicalName(), events.position);
    }
  }

  /** Where a table's changes that a record tells are made and handed on. */
  final class RowEvents {
    private final RowChanges table;
    private final RecordBlock.Cursor record;
    private final Output output;
    private @Nullable Position position;

    private RowEvents(RowChanges table, RecordBlock.Cursor record, Output output) {
      this.table = table;
      this.record = record;
      this.output = output;
    }

    RowChanges table() {
      return table;
    }

    Output output() {
      return output;
    }

    /** A position that begins with the epoch and the rank of the source's own log. */
    PositionEncoder startPosition() {
      return positions.start(epoch).rank(Places.LOG);
    }

    /** A position that is where the record stands, for want of one of the source's own. */
    PositionEncoder startPlace() {
      return appendPlace(positions.start(epoch));
    }

    /** Appends where the record stands to a position that does not tell changes apart. */
    PositionEncoder appendPlace(PositionEncoder incomplete) {
      return Places.append(incomplete, record.origin());
    }

    /** An event at this position with what the record itself tells. */
    ChangeEvent.Builder event(Position at) {
      position = at;
      return ChangeEvent.builder()
          .setPosition(at)
          .setReceivedAt(Micros.orNoTime(record.timestampMillis()))
          .setOrigin(record.origin());
    }

    /** Hands on an event, complete but for table, key and images, of a row that has its key. */
    void emit(
        ChangeEvent.Builder event,
        Operation operation,
        @Nullable Image before,
        @Nullable Image after) {
      table.emit(event, operation, before, after, null, () -> null, output);
    }
  }

  /** {@code owner.table}; null if there is no table, the bare table if there is no owner. */
  final @Nullable String joined(@Nullable String owner, @Nullable String table) {
    if (table == null || table.isEmpty() || owner == null || owner.isEmpty()) {
      return table == null || table.isEmpty() ? null : table;
    }
    if (!table.equals(lastTable) || !owner.equals(lastOwner)) {
      lastOwner = owner;
      lastTable = table;
      lastName = owner + "." + table;
    }
    return lastName;
  }

  /** Takes the object or array the parser is at, or null, moving over it. */
  final void take(Slice slice, JsonParser parser) throws IOException {
    slice.take(parser, base);
  }

  /** Where the token that the parser is at begins in the received bytes. */
  final int start(JsonParser parser) {
    return base + (int) parser.currentTokenLocation().getByteOffset();
  }

  /** Where what the parser has read ends in the received bytes. */
  final int end(JsonParser parser) {
    return base + (int) parser.currentLocation().getByteOffset();
  }

  /** The row that stands in the slice, or null. */
  final @Nullable Image image(Slice slice) {
    return slice.isPresent() ? Image.of(buffer, slice.start(), slice.length(), encoding) : null;
  }

  /** The whole number at the parser, a number or text, or {@code absent} if it is neither. */
  static long number(JsonParser parser, long absent) throws IOException {
    String text = Json.scalar(parser);
    try {
      return text == null ? absent : Long.parseLong(text);
    } catch (NumberFormatException e) {
      return absent;
    }
  }

  /** The rejection of a record whose operation is missing or not known. */
  static RejectedRecordException unknownOperation(
      String field, @Nullable String operation, String known) {
    return new RejectedRecordException(
        Reason.UNKNOWN_OPERATION,
        operation == null
            ? "the record has no operation ('" + field + "')"
            : "the operation ('" + field + "') is '" + operation + "'; known are " + known);
  }
}
