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
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Reads the neutral format {@code changes}: one JSON object a record, with {@code table} ({@code
 * schema.table}), {@code op} ({@code upsert}, {@code delete}, {@code truncate}, {@code read} or
 * {@code snapshot}), {@code key} (object), {@code after} (object), {@code position} (a whole number
 * or text; numbers compare numerically, text bytewise in UTF-8, one kind a table) and {@code
 * committedAt} (ISO-8601 or milliseconds since the epoch). Columns are named as at the source. A
 * column absent from {@code after} is unchanged. Other fields are passed over.
 *
 * <p>Positions: 1 and the number, or 2 and the text (without NUL characters); behind it 0 for a
 * delete and 1 for a truncate, so that a delete wins over an upsert that has the same.
 */
final class ChangesReader implements RecordReader {
  private static final int NUMBER = 1;
  private static final int TEXT = 2;
  private static final int DELETE = 0;
  private static final int TRUNCATE = 1;

  private final ContractTables tables;
  private final int epoch;
  private final PositionEncoder positions = new PositionEncoder();
  private final Slice key = new Slice();
  private final Slice after = new Slice();
  private @Nullable String table;
  private @Nullable String operation;
  private @Nullable Position position;
  private long committedAt;

  ChangesReader(Contract contract, UnknownColumns unknownColumns, int epoch) {
    this.tables = new ContractTables(contract, unknownColumns);
    this.epoch = epoch;
  }

  @Override
  public void read(RecordBlock.Cursor record, Output output) {
    if (!record.hasValue() || record.valueLength() == 0) {
      output.control(Control.TOMBSTONE);
      return;
    }
    try (JsonParser parser =
        Json.parser(record.buffer(), record.valueStart(), record.valueLength())) {
      readFields(parser, record.valueStart());
      if (parser.nextToken() != null) {
        throw new RejectedRecordException(
            Reason.MALFORMED, "not one JSON object: more follows it in the record");
      }
    } catch (IOException e) {
      throw Json.rejection(e);
    }
    emit(record, output);
  }

  private void readFields(JsonParser parser, int base) throws IOException {
    key.clear();
    after.clear();
    table = null;
    operation = null;
    position = null;
    committedAt = ChangeEvent.NO_TIME;
    if (parser.nextToken() != JsonToken.START_OBJECT) {
      throw new RejectedRecordException(Reason.MALFORMED, "not a JSON object");
    }
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      JsonToken token = parser.nextToken();
      switch (name) {
        case "table" -> table = text(parser, token);
        case "op" -> operation = text(parser, token);
        case "key" -> key.take(parser, base);
        case "after" -> after.take(parser, base);
        case "position" -> position = position(parser, token);
        case "committedAt" -> committedAt = committedAt(parser, token);
        default -> parser.skipChildren();
      }
    }
  }

  private static @Nullable String text(JsonParser parser, JsonToken token) throws IOException {
    parser.skipChildren();
    return token == JsonToken.VALUE_STRING ? parser.getText() : null;
  }

  private @Nullable Position position(JsonParser parser, JsonToken token) throws IOException {
    return switch (token) {
      case VALUE_NULL -> null;
      case VALUE_NUMBER_INT ->
          parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER
              ? bigPosition(parser)
              : positions.start(epoch).rank(NUMBER).number(parser.getLongValue()).end();
      case VALUE_STRING -> textPosition(parser.getText());
      default ->
          throw new RejectedRecordException(
              Reason.NO_POSITION, "'position' is neither a whole number nor text");
    };
  }

  private Position textPosition(String text) {
    if (text.indexOf('\0') >= 0) {
      throw new RejectedRecordException(
          Reason.NO_POSITION, "'position' is text that holds a NUL character");
    }
    return positions.start(epoch).rank(TEXT).endWith(text);
  }

  private Position bigPosition(JsonParser parser) throws IOException {
    try {
      return positions.start(epoch).rank(NUMBER).number(parser.getBigIntegerValue()).end();
    } catch (IllegalArgumentException e) {
      throw new RejectedRecordException(Reason.NO_POSITION, e.getMessage());
    }
  }

  private static long committedAt(JsonParser parser, JsonToken token) throws IOException {
    try {
      return switch (token) {
        case VALUE_NULL -> ChangeEvent.NO_TIME;
        case VALUE_NUMBER_INT -> Micros.ofMillis(parser.getLongValue(), "'committedAt'");
        case VALUE_STRING -> micros(OffsetDateTime.parse(parser.getText()).toInstant());
        default -> throw badTime("an object or array");
      };
    } catch (DateTimeException | ArithmeticException e) {
      throw badTime("'" + parser.getText() + "'");
    }
  }

  private static long micros(Instant time) {
    Micros.ofMillis(time.toEpochMilli(), "'committedAt'");
    return ChronoUnit.MICROS.between(Instant.EPOCH, time);
  }

  private static RejectedRecordException badTime(String value) {
    return new RejectedRecordException(
        Reason.BAD_VALUE,
        "'committedAt' is " + value + "; expected ISO-8601 with an offset, or epoch milliseconds");
  }

  private void emit(RecordBlock.Cursor record, Output output) {
    if (table == null) {
      throw new RejectedRecordException(Reason.NO_TABLE, "the change has no 'table'");
    }
    try {
      emit(record, output, table);
    } catch (RejectedRecordException e) {
      throw e.of(table, position);
    }
  }

  private void emit(RecordBlock.Cursor record, Output output, String tableName) {
    Operation parsed = operation();
    if (position == null) {
      throw new RejectedRecordException(Reason.NO_POSITION, "the change has no 'position'");
    }
    RowChanges changes = tables.find(tableName);
    if (changes == null) {
      output.control(Control.OTHER_TABLE);
      return;
    }
    ChangeEvent.Builder event =
        ChangeEvent.builder()
            .setPosition(ranked(position, parsed))
            .setCommittedAt(committedAt)
            .setReceivedAt(Micros.orNoTime(record.timestampMillis()))
            .setOrigin(record.origin());
    if (parsed == Operation.SNAPSHOT_END) {
      changes.emitSnapshot(event, parsed, output);
      return;
    }
    byte[] buffer = record.buffer();
    changes.emitKeyed(event, parsed, image(buffer, after), () -> image(buffer, key), output);
  }

  private static Position ranked(Position position, Operation operation) {
    return switch (operation) {
      case DELETE -> position.followedBy(DELETE);
      case TRUNCATE -> position.followedBy(TRUNCATE);
      case SNAPSHOT_END -> position.justBefore();
      case INSERT, UPDATE, UPSERT, READ, SNAPSHOT_START -> position;
    };
  }

  private static @Nullable Image image(byte[] buffer, Slice slice) {
    return slice.isPresent()
        ? Image.of(buffer, slice.start(), slice.length(), ImageEncoding.CHANGES)
        : null;
  }

  private Operation operation() {
    String name = operation == null ? "" : operation;
    return switch (name) {
      case "upsert" -> Operation.UPSERT;
      case "delete" -> Operation.DELETE;
      case "truncate" -> Operation.TRUNCATE;
      case "read" -> Operation.READ;
      case "snapshot" -> Operation.SNAPSHOT_END;
      default ->
          throw new RejectedRecordException(
              Reason.UNKNOWN_OPERATION,
              name.isEmpty()
                  ? "the change has no operation ('op')"
                  : "the operation ('op') is '"
                      + name
                      + "'; known are upsert, delete, truncate, read, snapshot");
    };
  }
}
