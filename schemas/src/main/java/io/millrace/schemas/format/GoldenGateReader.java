package io.millrace.schemas.format;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.millrace.schemas.ChangeEvent;
import io.millrace.schemas.Image;
import io.millrace.schemas.ImageEncoding;
import io.millrace.schemas.Operation;
import io.millrace.schemas.Position;
import io.millrace.schemas.RejectedRecordException;
import io.millrace.schemas.RejectedRecordException.Reason;
import io.millrace.schemas.UnknownColumns;
import io.millrace.schemas.contract.Contract;
import java.io.IOException;
import java.math.BigInteger;
import java.util.HashSet;
import java.util.Set;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Reads the JSON of Oracle GoldenGate's operation formatter: {@code table} ({@code SCHEMA.TABLE},
 * perhaps after a catalog), {@code op_type} (I, U, D, T), {@code before}, {@code after}, {@code
 * op_ts} (when it was committed; in UTC, since no offset is written), {@code current_ts} and {@code
 * pos}. A column that an image does not have, or that {@code …_isMissing} marks, is unchanged.
 *
 * <p>Positions: {@code pos}, digits of any number, which is the record's place in the trail; times
 * order nothing.
 *
 * @see <a
 *     href="https://docs.oracle.com/en/middleware/goldengate/big-data/21.1/gadbd/json-formatter.html">
 *     GoldenGate's JSON formatter</a>
 */
final class GoldenGateReader extends EnvelopeReader {
  private static final String MARK = "_isMissing";

  private final GoldenGateRow before = new GoldenGateRow();
  private final GoldenGateRow after = new GoldenGateRow();
  private @Nullable String table;
  private @Nullable String type;
  private @Nullable String position;
  private @Nullable String committed;
  private @Nullable String captured;

  /** A row, and the fields of it that are no values. */
  private static final class GoldenGateRow {
    private final Slice slice = new Slice();
    private final Set<String> noValues = new HashSet<>();

    void clear() {
      slice.clear();
      noValues.clear();
    }
  }

  GoldenGateReader(Contract contract, UnknownColumns unknownColumns, int epoch) {
    super(contract, unknownColumns, ImageEncoding.OGG, epoch);
  }

  @Override
  void clear() {
    before.clear();
    after.clear();
    table = null;
    type = null;
    position = null;
    committed = null;
    captured = null;
  }

  @Override
  void readField(String name, JsonParser parser, JsonToken token) throws IOException {
    switch (name) {
      case "table" -> table = Json.scalar(parser);
      case "op_type" -> type = Json.scalar(parser);
      case "pos" -> position = Json.scalar(parser);
      case "op_ts" -> committed = Json.scalar(parser);
      case "current_ts" -> captured = Json.scalar(parser);
      case "before" -> readRow(parser, token, before);
      case "after" -> readRow(parser, token, after);
      default -> parser.skipChildren();
    }
  }

  private void readRow(JsonParser parser, JsonToken token, GoldenGateRow row) throws IOException {
    if (token != JsonToken.START_OBJECT) {
      take(row.slice, parser);
      return;
    }
    int start = start(parser);
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      boolean isTrue = parser.nextToken() == JsonToken.VALUE_TRUE;
      parser.skipChildren();
      if (name.endsWith(MARK)) {
        row.noValues.add(name);
        if (isTrue) {
          row.noValues.add(name.substring(0, name.length() - MARK.length()));
        }
      }
    }
    row.slice.set(start, end(parser) - start);
  }

  @Override
  @Nullable Control control() {
    return switch (type == null ? "" : type) {
      case "I", "U", "D", "T" -> null;
      default -> throw unknownOperation("op_type", type, "I, U, D, T");
    };
  }

  /** A catalog before the schema is no part of the name. */
  @Override
  @Nullable String tableName() {
    if (table == null) {
      throw new RejectedRecordException(Reason.NO_TABLE, "the record has no 'table'");
    }
    int dot = table.lastIndexOf('.');
    return table.substring(table.lastIndexOf('.', dot - 1) + 1);
  }

  @Override
  void emit(RowEvents events) {
    Image rowBefore = row(before);
    ChangeEvent.Builder event =
        events.event(position(events)).setCommittedAt(time(committed, "'op_ts'"));
    // A compressed update may leave out the key where it did not change.
    events
        .table()
        .emit(
            event.setCapturedAt(time(captured, "'current_ts'")),
            operation(),
            rowBefore,
            row(after),
            null,
            () -> rowBefore,
            events.output());
  }

  private @Nullable Image row(GoldenGateRow row) {
    Image image = image(row.slice);
    return image == null || row.noValues.isEmpty() ? image : RowImages.without(image, row.noValues);
  }

  private static long time(@Nullable String text, String field) {
    return text == null ? ChangeEvent.NO_TIME : Micros.ofText(text, field);
  }

  private Operation operation() {
    return switch (String.valueOf(type)) {
      case "I" -> Operation.INSERT;
      case "U" -> Operation.UPDATE;
      case "D" -> Operation.DELETE;
      default -> Operation.TRUNCATE;
    };
  }

  private Position position(RowEvents events) {
    if (position == null) {
      throw new RejectedRecordException(
          Reason.NO_POSITION,
          "the record has no 'pos'; have the handler write it"
              + " (gg.handler.name.format.includePosition, or ${position[pos]} in"
              + " metaColumnsTemplate)");
    }
    try {
      return events.startPosition().number(new BigInteger(position)).end();
    } catch (IllegalArgumentException e) {
      throw new RejectedRecordException(
          Reason.NO_POSITION,
          "'pos' is '" + position + "', not a whole number that is not too long");
    }
  }
}
