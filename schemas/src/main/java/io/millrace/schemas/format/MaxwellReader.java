package io.millrace.schemas.format;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.millrace.schemas.Image;
import io.millrace.schemas.ImageEncoding;
import io.millrace.schemas.Operation;
import io.millrace.schemas.Position;
import io.millrace.schemas.PositionEncoder;
import io.millrace.schemas.RejectedRecordException;
import io.millrace.schemas.RejectedRecordException.Reason;
import io.millrace.schemas.UnknownColumns;
import io.millrace.schemas.contract.Contract;
import java.io.IOException;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Reads the JSON of Maxwell's daemon: {@code database}, {@code table}, {@code type}, {@code data}
 * (the row) and {@code old} (the columns that an update changed, as they were).
 *
 * <p>Positions, where Maxwell gives them ({@code output_binlog_position}): the binlog file's number
 * and the position in it, 1 for the row that ends its transaction ({@code commit}) else 0, and
 * {@code xoffset}, the row's number in the transaction ({@code output_xoffset}), which Maxwell
 * leaves out of that last row. A row with neither is told apart by its place in the topic or file.
 * Without {@code position} the place alone orders, and comes before all positions of the log.
 * {@code xid} does not order changes: MySQL takes it from the transaction's first statement, so one
 * that began early and committed late has the smaller number; nor does {@code ts}, which is when
 * the row was changed, not when that was committed.
 *
 * @see <a href="https://maxwells-daemon.io/dataformat/">Maxwell's data format</a>
 * @see <a href="https://maxwells-daemon.io/config/">Maxwell's configuration</a>
 * @see <a href="https://github.com/zendesk/maxwell/issues/1629">On what orders Maxwell's rows</a>
 */
final class MaxwellReader extends EnvelopeReader {
  private static final long ABSENT = Long.MIN_VALUE;

  private final Slice data = new Slice();
  private final Slice old = new Slice();
  private @Nullable String database;
  private @Nullable String table;
  private @Nullable String type;
  private @Nullable String position;
  private @Nullable String transaction;
  private long seconds;
  private long rowInTransaction;
  private boolean isLast;

  MaxwellReader(Contract contract, UnknownColumns unknownColumns, int epoch) {
    super(contract, unknownColumns, ImageEncoding.MAXWELL, epoch);
  }

  @Override
  void clear() {
    data.clear();
    old.clear();
    database = null;
    table = null;
    type = null;
    position = null;
    transaction = null;
    seconds = ABSENT;
    rowInTransaction = ABSENT;
    isLast = false;
  }

  @Override
  void readField(String name, JsonParser parser, JsonToken token) throws IOException {
    switch (name) {
      case "database" -> database = Json.scalar(parser);
      case "table" -> table = Json.scalar(parser);
      case "type" -> type = Json.scalar(parser);
      case "position" -> position = Json.scalar(parser);
      case "xid" -> transaction = Json.scalar(parser);
      case "xoffset" -> rowInTransaction = number(parser, ABSENT);
      case "ts" -> seconds = number(parser, ABSENT);
      case "data" -> take(data, parser);
      case "old" -> take(old, parser);
      case "commit" -> {
        isLast = token == JsonToken.VALUE_TRUE;
        parser.skipChildren();
      }
      default -> parser.skipChildren();
    }
  }

  @Override
  @Nullable Control control() {
    return switch (type == null ? "" : type) {
      case "insert", "update", "delete", "bootstrap-insert" -> null;
      case "bootstrap-start", "bootstrap-complete" -> Control.SNAPSHOT;
      case "table-create",
          "table-alter",
          "table-drop",
          "database-create",
          "database-alter",
          "database-drop" ->
          Control.SCHEMA_CHANGE;
      default -> throw unknownOperation("type", type, "insert, update, delete, bootstrap-insert");
    };
  }

  @Override
  @Nullable String tableName() {
    return joined(database, table);
  }

  @Override
  void emit(RowEvents events) {
    Operation operation = operation();
    Image row = image(data);
    if (row == null) {
      throw new RejectedRecordException(Reason.MALFORMED, "the record has no row ('data')");
    }
    Image changed = image(old);
    boolean isDelete = operation == Operation.DELETE;
    Image before = isDelete ? row : changed == null ? null : RowImages.before(row, changed);
    events.emit(
        events
            .event(position(events))
            .setTransactionId(transaction)
            .setCommittedAt(Micros.ofSecondsOrNoTime(seconds)),
        operation,
        before,
        isDelete ? null : row);
  }

  private Operation operation() {
    return switch (String.valueOf(type)) {
      case "insert" -> Operation.INSERT;
      case "update" -> Operation.UPDATE;
      case "delete" -> Operation.DELETE;
      default -> Operation.READ;
    };
  }

  private Position position(RowEvents events) {
    if (position == null) {
      return events.startPlace().end();
    }
    int colon = position.lastIndexOf(':');
    try {
      String file = position.substring(0, Math.max(colon, 0));
      PositionEncoder encoder =
          events
              .startPosition()
              .number(Binlog.fileNumber(file, "'position'"))
              .number(Long.parseLong(position, colon + 1, position.length(), 10))
              .rank(isLast ? 1 : 0);
      return rowInTransaction == ABSENT && !isLast
          ? events.appendPlace(encoder.number(0)).end()
          : encoder.number(Math.max(rowInTransaction, 0)).end();
    } catch (NumberFormatException e) {
      throw new RejectedRecordException(
          Reason.NO_POSITION,
          "'position' is '" + position + "'; expected the binlog's file and position in it");
    }
  }
}
