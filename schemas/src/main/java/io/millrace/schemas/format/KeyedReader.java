package io.millrace.schemas.format;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.millrace.schemas.ChangeEvent;
import io.millrace.schemas.Image;
import io.millrace.schemas.ImageEncoding;
import io.millrace.schemas.Position;
import io.millrace.schemas.PositionEncoder;
import io.millrace.schemas.RecordBlock;
import io.millrace.schemas.RejectedRecordException;
import io.millrace.schemas.RejectedRecordException.Reason;
import io.millrace.schemas.UnknownColumns;
import io.millrace.schemas.contract.ColumnContract;
import io.millrace.schemas.contract.Contract;
import io.millrace.schemas.contract.TableContract;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Reads messages that are a row beside its key, or for a delete the key alone, from a topic that is
 * perhaps compacted: a row is the whole row, so a column that it does not have is null.
 *
 * <p>Tables: the one whose {@code physicalName} is the topic's name or ends it after a dot, or the
 * contract's only one. Positions: the message's offset, since it has no other (see {@link Places});
 * a line that tells its topic and offset has that.
 */
abstract class KeyedReader implements RecordReader {
  private final ContractTables tables;
  private final ImageEncoding encoding;
  private final int epoch;
  private final PositionEncoder positions = new PositionEncoder();
  private final KeyedMessage message = new KeyedMessage();

  KeyedReader(Contract contract, UnknownColumns unknownColumns, ImageEncoding encoding, int epoch) {
    this.tables = new ContractTables(contract, unknownColumns);
    this.encoding = encoding;
    this.epoch = epoch;
  }

  /**
   * What a value or a key holds.
   *
   * @param image the row, or null if there is none
   * @param scalar what stands in a schema's envelope if it is no row
   * @param table what the schema calls the row
   */
  record Content(@Nullable Image image, @Nullable String scalar, @Nullable String table) {
    static final Content NONE = new Content(null, null, null);
  }

  /** What these bytes, one JSON object and nothing else, are or hold. */
  abstract Content content(byte[] buffer, int start, int length) throws IOException;

  @Override
  public final void read(RecordBlock.Cursor record, Output output) {
    Content row;
    try {
      message.read(record);
      row = value();
    } catch (IOException e) {
      throw Json.rejection(e);
    }
    RowChanges table = table(row.table());
    if (table == null) {
      output.control(Control.OTHER_TABLE);
      return;
    }
    Position position = Places.append(positions.start(epoch), message.place(record.origin())).end();
    ChangeEvent.Builder event =
        ChangeEvent.builder()
            .setPosition(position)
            .setReceivedAt(Micros.orNoTime(record.timestampMillis()))
            .setOrigin(record.origin());
    try {
      table.emitBeside(event, row.image(), () -> key(table.contract()), output);
    } catch (RejectedRecordException e) {
      throw e.of(table.contract().physicalName(), position);
    }
  }

  private Content value() throws IOException {
    Slice value = message.value();
    if (!value.isPresent()) {
      return Content.NONE;
    }
    Content content = contentOrNone(message.valueBuffer(), value.start(), value.length());
    if (content.scalar() != null) {
      throw new RejectedRecordException(Reason.MALFORMED, "the value is not a row");
    }
    return content;
  }

  private Content contentOrNone(byte[] buffer, int start, int length) throws IOException {
    try (JsonParser parser = Json.parser(buffer, start, length)) {
      JsonToken token = parser.nextToken();
      if (token != JsonToken.START_OBJECT && token != JsonToken.VALUE_NULL) {
        throw new RejectedRecordException(Reason.MALFORMED, "the value is not a JSON object");
      }
      parser.skipChildren();
      if (parser.nextToken() != null) {
        throw new RejectedRecordException(
            Reason.MALFORMED, "not one JSON object: more follows it in the record");
      }
      return token == JsonToken.VALUE_NULL ? Content.NONE : content(buffer, start, length);
    }
  }

  /** The table that the schema or the topic names, else the only one; null if it is another. */
  private @Nullable RowChanges table(@Nullable String schemaName) {
    RowChanges named = schemaName == null ? null : tables.findTopic(schemaName);
    String topic = message.topic();
    if (named == null && topic != null) {
      named = tables.findTopic(topic);
    }
    if (named != null || schemaName != null) {
      return named;
    }
    return topic == null ? tables.only() : tables.findOnly();
  }

  /** The key's columns; a key that is no object is the value of the only one. Else null. */
  private @Nullable Image key(TableContract table) {
    Slice key = message.key();
    if (!key.isPresent() || key.length() == 0) {
      return null;
    }
    byte[] buffer = message.keyBuffer();
    try {
      if (buffer[key.start()] != '{') {
        return keyOf(table, text(buffer, key));
      }
      Content content = contentOrNone(buffer, key.start(), key.length());
      return content.scalar() == null ? content.image() : keyOf(table, content.scalar());
    } catch (IOException | RejectedRecordException e) {
      return null;
    }
  }

  /** A scalar of JSON as its text, anything else as it is. */
  private static @Nullable String text(byte[] buffer, Slice key) {
    String raw = new String(buffer, key.start(), key.length(), StandardCharsets.UTF_8);
    try (JsonParser parser = Json.parser(buffer, key.start(), key.length())) {
      JsonToken token = parser.nextToken();
      String text = token != null && token.isScalarValue() ? Json.scalar(parser) : null;
      return parser.nextToken() == null ? text : raw;
    } catch (IOException e) {
      return raw;
    }
  }

  private @Nullable Image keyOf(TableContract table, @Nullable String value) {
    if (value == null || table.keyColumns().size() != 1) {
      return null;
    }
    ColumnContract column = table.columns().get(table.keyColumns().get(0));
    return RowImages.ofText(column.physicalName(), value, encoding);
  }
}
