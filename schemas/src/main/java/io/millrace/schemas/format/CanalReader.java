package io.millrace.schemas.format;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.millrace.schemas.ChangeEvent;
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
import java.util.ArrayList;
import java.util.List;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Reads Canal's flat messages: {@code database}, {@code table}, {@code type}, {@code data} (the
 * rows of one event of the binlog) and {@code old} (for each row the columns that an update
 * changed, as they were).
 *
 * <p>Positions: Canal leaves the binlog's position out of flat messages, so changes are ordered by
 * their place in the topic or file (see {@link Places}), and by the row's number in the message.
 * That is the binlog's order, since Canal writes in it, a row to the partition of its key ({@code
 * canal.mq.partitionHash}), and after a failure all that follows once more. No field of the message
 * could stand in for it: {@code es} is when the statement began, in whole seconds, so a long update
 * that came to a row late looks older than a short one that it followed; {@code id} counts batches,
 * gives a batch that is sent again a new number, and begins again with the server; {@code ts} is
 * when the message was made. TiCDC, which writes the same format, tells the commit's timestamp if
 * asked to ({@code enable-tidb-extension}): that is then the position.
 *
 * @see <a href="https://github.com/alibaba/canal/wiki/Canal-Kafka-RocketMQ-QuickStart">Canal's
 *     quick start for Kafka</a>
 * @see <a href="https://docs.pingcap.com/tidb/stable/ticdc-canal-json">TiCDC's Canal-JSON</a>
 */
final class CanalReader extends EnvelopeReader {
  private static final long ABSENT = Long.MIN_VALUE;

  private final List<Slice> data = new ArrayList<>();
  private final List<Slice> old = new ArrayList<>();
  private @Nullable String database;
  private @Nullable String table;
  private @Nullable String type;
  private boolean isDefinition;
  private long executedMillis;
  private long capturedMillis;
  private long commit;

  CanalReader(Contract contract, UnknownColumns unknownColumns, int epoch) {
    super(contract, unknownColumns, ImageEncoding.CANAL, epoch);
  }

  @Override
  void clear() {
    data.clear();
    old.clear();
    database = null;
    table = null;
    type = null;
    isDefinition = false;
    executedMillis = ABSENT;
    capturedMillis = ABSENT;
    commit = ABSENT;
  }

  @Override
  void readField(String name, JsonParser parser, JsonToken token) throws IOException {
    switch (name) {
      case "database" -> database = Json.scalar(parser);
      case "table" -> table = Json.scalar(parser);
      case "type" -> type = Json.scalar(parser);
      case "es" -> executedMillis = number(parser, ABSENT);
      case "ts" -> capturedMillis = number(parser, ABSENT);
      case "data" -> readRows(parser, token, data);
      case "old" -> readRows(parser, token, old);
      case "_tidb" -> readExtension(parser, token);
      case "isDdl" -> {
        isDefinition = token == JsonToken.VALUE_TRUE;
        parser.skipChildren();
      }
      default -> parser.skipChildren();
    }
  }

  private void readRows(JsonParser parser, JsonToken token, List<Slice> rows) throws IOException {
    if (token != JsonToken.START_ARRAY) {
      parser.skipChildren();
      return;
    }
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      Slice row = new Slice();
      take(row, parser);
      rows.add(row);
    }
  }

  private void readExtension(JsonParser parser, JsonToken token) throws IOException {
    if (token != JsonToken.START_OBJECT) {
      parser.skipChildren();
      return;
    }
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      parser.nextToken();
      if (name.equals("commitTs")) {
        commit = number(parser, ABSENT);
      } else {
        parser.skipChildren();
      }
    }
  }

  /** A truncate is a definition to MySQL, and comes as one. */
  @Override
  @Nullable Control control() {
    return switch (type == null ? "" : type) {
      case "TRUNCATE" -> null;
      case "INSERT", "UPDATE", "DELETE" -> isDefinition ? Control.SCHEMA_CHANGE : null;
      case "CREATE", "ALTER", "ERASE", "RENAME", "CINDEX", "DINDEX", "QUERY" ->
          Control.SCHEMA_CHANGE;
      case "GTID", "XACOMMIT", "XAROLLBACK" -> Control.TRANSACTION;
      case "MHEARTBEAT", "TIDB_WATERMARK" -> Control.HEARTBEAT;
      default -> {
        if (isDefinition) {
          yield Control.SCHEMA_CHANGE;
        }
        throw unknownOperation("type", type, "INSERT, UPDATE, DELETE, TRUNCATE");
      }
    };
  }

  @Override
  @Nullable String tableName() {
    return joined(database, table);
  }

  @Override
  void emit(RowEvents events) {
    Operation operation = operation();
    if (operation == Operation.TRUNCATE) {
      events.emit(event(events, 0), operation, null, null);
      return;
    }
    if (data.isEmpty()) {
      throw new RejectedRecordException(Reason.MALFORMED, "the record has no rows ('data')");
    }
    for (int i = 0; i < data.size(); i++) {
      emitRow(events, operation, i);
    }
  }

  private void emitRow(RowEvents events, Operation operation, int index) {
    Image row = image(data.get(index));
    if (row == null) {
      throw new RejectedRecordException(Reason.MALFORMED, "a row ('data') is not a JSON object");
    }
    boolean isDelete = operation == Operation.DELETE;
    Image changed = operation == Operation.UPDATE ? changed(index) : null;
    Image before = isDelete ? row : changed == null ? null : RowImages.before(row, changed);
    events.emit(event(events, index), operation, before, isDelete ? null : row);
  }

  /**
   * A row's old columns. Canal leaves out those of rows that did not change, which can only be the
   * message's first: a column that one row changed is given for all that follow.
   */
  private @Nullable Image changed(int index) {
    int at = index - (data.size() - old.size());
    return at < 0 || at >= old.size() ? null : image(old.get(at));
  }

  private Operation operation() {
    return switch (String.valueOf(type)) {
      case "INSERT" -> Operation.INSERT;
      case "UPDATE" -> Operation.UPDATE;
      case "DELETE" -> Operation.DELETE;
      default -> Operation.TRUNCATE;
    };
  }

  private ChangeEvent.Builder event(RowEvents events, int index) {
    PositionEncoder encoder =
        commit == ABSENT ? events.startPlace() : events.startPosition().number(commit);
    Position position = encoder.number(index).end();
    return events
        .event(position)
        .setCommittedAt(Micros.orNoTime(executedMillis))
        .setCapturedAt(Micros.orNoTime(capturedMillis));
  }
}
