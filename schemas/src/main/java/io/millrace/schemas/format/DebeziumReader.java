package io.millrace.schemas.format;

import io.millrace.schemas.ChangeEvent;
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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Reads Debezium's JSON: the value of a message as it is or beside its schema block, or a line
 * {@code {"key":…,"value":…,"topic":…,"partition":…,"offset":…}}. One pass over the tokens; images
 * stay slices of what was received.
 */
final class DebeziumReader implements RecordReader {
  /** Tables are few; this only bounds what a stream of ever new ones could take. */
  private static final int MOST_DOCUMENTS = 1_000;

  private final ContractTables tables;
  private final int epoch;
  private final DebeziumEnvelope envelope =
      new DebeziumEnvelope(new ConnectSchemas(ImageEncoding.DEBEZIUM));
  private final PositionEncoder positions = new PositionEncoder();
  private final Map<RowChanges, DocumentImages> documents = new HashMap<>();

  DebeziumReader(Contract contract, UnknownColumns unknownColumns, int epoch) {
    this.tables = new ContractTables(contract, unknownColumns);
    this.epoch = epoch;
  }

  @Override
  public void read(RecordBlock.Cursor record, Output output) {
    if (!record.hasValue() || record.valueLength() == 0) {
      output.control(Control.TOMBSTONE);
      return;
    }
    envelope.clear();
    if (record.hasKey()) {
      envelope.key().set(record.buffer(), record.keyStart(), record.keyLength());
    }
    try {
      envelope.read(record.buffer(), record.valueStart(), record.valueLength());
    } catch (IOException e) {
      throw Json.rejection(e);
    }
    emit(record, output);
  }

  private void emit(RecordBlock.Cursor record, Output output) {
    if (envelope.isTombstone()) {
      output.control(Control.TOMBSTONE);
      return;
    }
    Operation operation = operation(output);
    if (operation == null) {
      return;
    }
    DebeziumSource source = envelope.source();
    RowChanges table = tables.find(source.table());
    if (table == null) {
      output.control(Control.OTHER_TABLE);
      return;
    }
    Position position = null;
    try {
      position = source.position(positions, epoch, operation, envelope.totalOrder());
      ChangeEvent.Builder event =
          ChangeEvent.builder()
              .setPosition(position)
              .setTransactionId(envelope.transaction())
              .setCommittedAt(source.committedAt())
              .setCapturedAt(envelope.capturedAt())
              .setReceivedAt(Micros.orNoTime(record.timestampMillis()))
              .setOrigin(record.origin());
      if (source.isOfDocument()) {
        emitDocument(event, operation, table, output);
      } else {
        table.emit(
            event,
            operation,
            envelope.before(),
            envelope.after(),
            envelope.checkedBy(),
            envelope.key(),
            output);
        envelope.expect(table.lastReader());
      }
      if (operation == Operation.READ) {
        emitSnapshot(event, source, table, output);
      }
    } catch (RejectedRecordException e) {
      throw e.of(source.table(), position);
    }
  }

  /** Tells the beginning and the end of a snapshot, which its first and last rows are. */
  private static void emitSnapshot(
      ChangeEvent.Builder event, DebeziumSource source, RowChanges table, Output output) {
    SnapshotRow row = source.snapshot();
    boolean isEdge = row == SnapshotRow.FIRST || row == SnapshotRow.LAST;
    if (isEdge) {
      ChangeEvent read = event.build();
      ChangeEvent.Builder mark =
          read.toBuilder()
              .setBefore(null)
              .setAfter(null)
              .setUnchanged(List.of())
              .setPosition(read.position().justBefore());
      if (source.isUnplaced()) {
        table.emitSnapshot(mark, Operation.SNAPSHOT_START, output);
      }
      if (row == SnapshotRow.LAST) {
        table.emitSnapshot(mark, Operation.SNAPSHOT_END, output);
      }
    }
  }

  private void emitDocument(
      ChangeEvent.Builder event, Operation operation, RowChanges table, Output output) {
    if (documents.size() >= MOST_DOCUMENTS) {
      documents.clear();
    }
    DocumentImages images =
        documents.computeIfAbsent(table, of -> new DocumentImages(of.withAllColumns()));
    DebeziumDocument document = envelope.document();
    table.emit(
        event,
        operation,
        images.before(document),
        images.after(document, operation),
        null,
        () -> images.key(envelope.key().image(), document),
        output);
  }

  /** The event's operation, or null if it is a control record, which has been handed on. */
  private @Nullable Operation operation(Output output) {
    String code = envelope.operation();
    if (code == null) {
      Control control = envelope.controlWithoutOperation();
      if (control == null) {
        throw new RejectedRecordException(
            Reason.UNKNOWN_OPERATION, "the event has no operation ('op')");
      }
      output.control(control);
      return null;
    }
    return switch (code) {
      case "c" -> Operation.INSERT;
      case "u" -> Operation.UPDATE;
      case "r" -> Operation.READ;
      case "d" -> Operation.DELETE;
      case "t" -> Operation.TRUNCATE;
      case "m" -> {
        output.control(Control.MESSAGE);
        yield null;
      }
      default ->
          throw new RejectedRecordException(
              Reason.UNKNOWN_OPERATION,
              "the operation ('op') is '" + code + "'; known are c, u, d, r, t and m");
    };
  }
}
