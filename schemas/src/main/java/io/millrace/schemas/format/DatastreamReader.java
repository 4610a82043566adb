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
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Reads what Google's Datastream writes to Cloud Storage: {@code payload} (the row), {@code
 * read_method} and {@code source_metadata}. An update that MySQL's log tells in two halves comes as
 * {@code UPDATE-DELETE} and {@code UPDATE-INSERT}: a delete and an upsert.
 *
 * <p>Positions: 0 for a backfilled row or 1; of a backfilled row its {@code source_timestamp},
 * since it stands in no log; of another the source's log position (see {@link DatastreamPosition}),
 * and then 0 for {@code UPDATE-DELETE}, 1 for an insert, 2 for an update, 3 for a delete, which
 * tells apart what a source gives one log position. A row is locked between its change and the
 * commit, so the log orders the changes of a row even where transactions overlap.
 *
 * @see <a href="https://cloud.google.com/datastream/docs/events-and-streams">Datastream's
 *     events</a>
 */
final class DatastreamReader extends EnvelopeReader {
  private final Slice payload = new Slice();
  private final DatastreamPosition log = new DatastreamPosition();
  private @Nullable String readMethod;
  private @Nullable String committed;
  private @Nullable String captured;
  private @Nullable String owner;
  private @Nullable String database;
  private @Nullable String table;
  private @Nullable String transaction;
  private @Nullable String change;
  private boolean deleted;

  DatastreamReader(Contract contract, UnknownColumns unknownColumns, int epoch) {
    super(contract, unknownColumns, ImageEncoding.DATASTREAM, epoch);
  }

  @Override
  void clear() {
    payload.clear();
    log.clear();
    readMethod = null;
    committed = null;
    captured = null;
    owner = null;
    database = null;
    table = null;
    transaction = null;
    change = null;
    deleted = false;
  }

  @Override
  void readField(String name, JsonParser parser, JsonToken token) throws IOException {
    switch (name) {
      case "payload" -> take(payload, parser);
      case "read_method" -> readMethod = Json.scalar(parser);
      case "source_timestamp" -> committed = Json.scalar(parser);
      case "read_timestamp" -> captured = Json.scalar(parser);
      case "source_metadata" -> readMetadata(parser, token);
      default -> parser.skipChildren();
    }
  }

  private void readMetadata(JsonParser parser, JsonToken token) throws IOException {
    if (token != JsonToken.START_OBJECT) {
      parser.skipChildren();
      return;
    }
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      parser.nextToken();
      switch (name) {
        case "schema" -> owner = Json.scalar(parser);
        case "database" -> database = Json.scalar(parser);
        case "table" -> table = Json.scalar(parser);
        case "tx_id" -> transaction = Json.scalar(parser);
        case "change_type" -> change = Json.scalar(parser);
        case "is_deleted" -> deleted = "true".equals(Json.scalar(parser));
        default -> log.readField(name, parser);
      }
    }
  }

  @Override
  @Nullable Control control() {
    return null;
  }

  @Override
  String tableName() {
    String name = joined(owner == null || owner.isEmpty() ? database : owner, table);
    if (name == null) {
      throw new RejectedRecordException(
          Reason.NO_TABLE, "the record has no 'source_metadata' with a table");
    }
    return name;
  }

  @Override
  void emit(RowEvents events) {
    Image row = image(payload);
    if (row == null) {
      throw new RejectedRecordException(Reason.MALFORMED, "the record has no row ('payload')");
    }
    Operation operation = operation();
    ChangeEvent.Builder event =
        events
            .event(position(events, operation))
            .setTransactionId(transaction)
            .setCommittedAt(time(committed, "'source_timestamp'"))
            .setCapturedAt(time(captured, "'read_timestamp'"));
    boolean isDelete = operation == Operation.DELETE;
    events.emit(event, operation, isDelete ? row : null, isDelete ? null : row);
  }

  private Operation operation() {
    return switch (change == null ? "" : change) {
      case "INSERT" -> isBackfill() ? Operation.READ : deletedOr(Operation.INSERT);
      case "UPDATE", "UPDATE-INSERT" -> deletedOr(Operation.UPDATE);
      case "DELETE", "UPDATE-DELETE" -> Operation.DELETE;
      case "" -> isBackfill() ? Operation.READ : deletedOr(Operation.UPSERT);
      default ->
          throw unknownOperation(
              "change_type", change, "INSERT, UPDATE, UPDATE-INSERT, UPDATE-DELETE, DELETE");
    };
  }

  private Operation deletedOr(Operation operation) {
    return deleted ? Operation.DELETE : operation;
  }

  /** Such as {@code mysql-backfill-fulldump}, or {@code backfill} alone; formerly a dump. */
  private boolean isBackfill() {
    return readMethod != null && (readMethod.contains("backfill") || readMethod.contains("dump"));
  }

  private Position position(RowEvents events, Operation operation) {
    PositionEncoder position = events.startPosition();
    if (isBackfill()) {
      long read = time(committed == null ? captured : committed, "'source_timestamp'");
      return position.rank(0).number(read == ChangeEvent.NO_TIME ? 0 : read).end();
    }
    return log.append(position.rank(1)).rank(halves(operation)).end();
  }

  private int halves(Operation operation) {
    return switch (operation) {
      case DELETE -> "UPDATE-DELETE".equals(change) ? 0 : 3;
      case INSERT, UPSERT -> 1;
      case UPDATE, READ, TRUNCATE, SNAPSHOT_START, SNAPSHOT_END -> 2;
    };
  }

  private static long time(@Nullable String text, String field) {
    if (text == null || text.isEmpty()) {
      return ChangeEvent.NO_TIME;
    }
    return text.matches("\\d{9,18}")
        ? Micros.ofMillis(Long.parseLong(text), field)
        : Micros.ofText(text, field);
  }
}
