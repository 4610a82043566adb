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
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Reads what AWS Database Migration Service writes to Kafka: {@code data} (the row), {@code
 * before-image} (columns as they were before an update, if it is turned on) and {@code metadata}.
 *
 * <p>DMS leaves nulls out unless {@code IncludeNullAndEmpty} is set. A column that an insert or a
 * loaded row does not have is therefore null; one that an update does not have is unchanged, or
 * null with the contract's custom property {@code absent.columns: null}.
 *
 * <p>Positions, where DMS gives transactions' details ({@code IncludeTransactionDetails}) and
 * {@code stream-position} is one of PostgreSQL (an LSN, a dot, more) or of MySQL (binlog file,
 * position, more): its first numbers and the record's number in its transaction ({@code
 * transaction-record-id}; where there is none, the record's place). A record without, such as a row
 * of the full load, is ordered by its place, before all that have one.
 *
 * @see <a href="https://docs.aws.amazon.com/dms/latest/userguide/CHAP_Target.Kafka.html">AWS DMS
 *     with Kafka as a target</a>
 */
final class DmsReader extends EnvelopeReader {
  private static final long ABSENT = Long.MIN_VALUE;
  private static final Pattern LSN =
      Pattern.compile("([0-9A-Fa-f]{1,8})/([0-9A-Fa-f]{1,8})(?:\\..*)?");
  private static final Pattern BINLOG =
      Pattern.compile("[^:]*?\\.(\\d{1,18})[:.](\\d{1,18})(?:[:.].*)?");

  private final Slice data = new Slice();
  private final Slice old = new Slice();
  private boolean hasMetadata;
  private @Nullable String recordType;
  private @Nullable String operation;
  private @Nullable String schema;
  private @Nullable String table;
  private @Nullable String transaction;
  private @Nullable String streamPosition;
  private @Nullable String committed;
  private @Nullable String captured;
  private long recordInTransaction;

  DmsReader(Contract contract, UnknownColumns unknownColumns, int epoch) {
    super(contract, unknownColumns, ImageEncoding.AWS_DMS, epoch);
  }

  @Override
  void clear() {
    data.clear();
    old.clear();
    hasMetadata = false;
    recordType = null;
    operation = null;
    schema = null;
    table = null;
    transaction = null;
    streamPosition = null;
    committed = null;
    captured = null;
    recordInTransaction = ABSENT;
  }

  @Override
  void readField(String name, JsonParser parser, JsonToken token) throws IOException {
    switch (name) {
      case "data" -> take(data, parser);
      case "before-image", "before" -> take(old, parser);
      case "metadata" -> readMetadata(parser, token);
      default -> parser.skipChildren();
    }
  }

  private void readMetadata(JsonParser parser, JsonToken token) throws IOException {
    if (token != JsonToken.START_OBJECT) {
      parser.skipChildren();
      return;
    }
    hasMetadata = true;
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      parser.nextToken();
      switch (name) {
        case "record-type" -> recordType = Json.scalar(parser);
        case "operation" -> operation = Json.scalar(parser);
        case "schema-name" -> schema = Json.scalar(parser);
        case "table-name" -> table = Json.scalar(parser);
        case "timestamp" -> captured = Json.scalar(parser);
        case "commit-timestamp" -> committed = Json.scalar(parser);
        case "transaction-id" -> transaction = Json.scalar(parser);
        case "stream-position" -> streamPosition = Json.scalar(parser);
        case "transaction-record-id" -> recordInTransaction = number(parser, ABSENT);
        default -> parser.skipChildren();
      }
    }
  }

  @Override
  @Nullable Control control() {
    if (!hasMetadata) {
      throw new RejectedRecordException(Reason.MALFORMED, "the record has no 'metadata'");
    }
    if ("control".equals(recordType)) {
      return Control.SCHEMA_CHANGE;
    }
    return switch (operation == null ? "" : operation) {
      case "load", "insert", "update", "delete" -> null;
      default -> throw unknownOperation("operation", operation, "load, insert, update, delete");
    };
  }

  @Override
  @Nullable String tableName() {
    return joined(schema, table);
  }

  @Override
  void emit(RowEvents events) {
    Image row = image(data);
    if (row == null) {
      throw new RejectedRecordException(Reason.MALFORMED, "the record has no row ('data')");
    }
    Operation done = operation();
    boolean isDelete = done == Operation.DELETE;
    Image changed = image(old);
    Image before = isDelete ? row : changed == null ? null : RowImages.before(row, changed);
    ChangeEvent.Builder event =
        events
            .event(position(events))
            .setTransactionId(transaction)
            .setCommittedAt(time(committed, "'commit-timestamp'"))
            .setCapturedAt(time(captured, "'timestamp'"));
    if (!isDelete && isWhole(done, events)) {
      events.table().emitWhole(event, done, before, row, () -> null, events.output());
    } else {
      events.emit(event, done, before, isDelete ? null : row);
    }
  }

  private static boolean isWhole(Operation operation, RowEvents events) {
    return operation != Operation.UPDATE
        || "null".equals(events.table().contract().customProperties().get("absent.columns"));
  }

  private static long time(@Nullable String text, String field) {
    return text == null ? ChangeEvent.NO_TIME : Micros.ofText(text, field);
  }

  private Operation operation() {
    return switch (String.valueOf(operation)) {
      case "load" -> Operation.READ;
      case "insert" -> Operation.INSERT;
      case "update" -> Operation.UPDATE;
      default -> Operation.DELETE;
    };
  }

  private Position position(RowEvents events) {
    PositionEncoder encoder = inLog(events);
    if (encoder == null) {
      return events.startPlace().end();
    }
    return recordInTransaction == ABSENT
        ? events.appendPlace(encoder.number(0)).end()
        : encoder.number(recordInTransaction).end();
  }

  /** The beginning of a position in the source's log, or null if that cannot be told. */
  private @Nullable PositionEncoder inLog(RowEvents events) {
    if (streamPosition == null) {
      return null;
    }
    Matcher lsn = LSN.matcher(streamPosition);
    if (lsn.matches()) {
      return events
          .startPosition()
          .number(Long.parseLong(lsn.group(1), 16))
          .number(Long.parseLong(lsn.group(2), 16));
    }
    Matcher binlog = BINLOG.matcher(streamPosition);
    return binlog.matches()
        ? events
            .startPosition()
            .number(Long.parseLong(binlog.group(1)))
            .number(Long.parseLong(binlog.group(2)))
        : null;
  }
}
