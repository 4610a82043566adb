package io.millrace.schemas.format;

import static io.millrace.schemas.format.SourceFields.COLLECTION;
import static io.millrace.schemas.format.SourceFields.CONNECTOR;
import static io.millrace.schemas.format.SourceFields.COUNT;
import static io.millrace.schemas.format.SourceFields.DB;
import static io.millrace.schemas.format.SourceFields.EVENT_SERIAL_NO;
import static io.millrace.schemas.format.SourceFields.GTID;
import static io.millrace.schemas.format.SourceFields.LSN;
import static io.millrace.schemas.format.SourceFields.ORD;
import static io.millrace.schemas.format.SourceFields.POS;
import static io.millrace.schemas.format.SourceFields.ROW;
import static io.millrace.schemas.format.SourceFields.SCHEMA;
import static io.millrace.schemas.format.SourceFields.SEQUENCE;
import static io.millrace.schemas.format.SourceFields.SNAPSHOT;
import static io.millrace.schemas.format.SourceFields.SSN;
import static io.millrace.schemas.format.SourceFields.TABLE;
import static io.millrace.schemas.format.SourceFields.TS_MS;
import static io.millrace.schemas.format.SourceFields.TS_NS;
import static io.millrace.schemas.format.SourceFields.TS_US;
import static io.millrace.schemas.format.SourceFields.TX_ID;
import static io.millrace.schemas.format.SourceFields.TX_SEQ;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.millrace.schemas.ChangeEvent;
import io.millrace.schemas.Operation;
import io.millrace.schemas.Position;
import io.millrace.schemas.PositionEncoder;
import io.millrace.schemas.RejectedRecordException;
import io.millrace.schemas.RejectedRecordException.Reason;
import io.millrace.schemas.wire.JsonFields;
import io.millrace.schemas.wire.JsonScanner;
import io.millrace.schemas.wire.RecurringObject;
import io.millrace.schemas.wire.RecurringText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Reads the {@code source} block of a Debezium event: the table, the commit time and the position.
 * What orders the events of a connector is told by its {@link SourceOrder}.
 */
final class DebeziumSource {
  private static final long NO_TRANSACTION = Long.MIN_VALUE;
  private static final byte[] FALSE = "false".getBytes(StandardCharsets.UTF_8);
  private static final Map<String, Integer> CODES =
      IntStream.range(1, COUNT)
          .boxed()
          .collect(Collectors.toUnmodifiableMap(SourceFields::name, code -> code));

  private final JsonFields names = new JsonFields(SourceFields.NAMES.toArray(new String[0]));
  private final RecurringObject recurring = new RecurringObject();
  private final RecurringText[] recurringTexts = new RecurringText[COUNT];
  private final SourceFields fields = new SourceFields();

  private String lastOwner = "";
  private String lastTable = "";
  private String lastName = ".";
  private String lastConnector = "";
  private SourceOrder order = SourceOrder.of("");
  private SnapshotRow snapshot = SnapshotRow.NONE;
  private long committedAtMicros = ChangeEvent.NO_TIME;
  private int timePrecision;

  /** What the last block has besides numbers. */
  private @Nullable String[] lastTexts = fields.copyTexts();

  private SnapshotRow lastSnapshot = SnapshotRow.NONE;

  DebeziumSource() {
    Arrays.setAll(recurringTexts, field -> new RecurringText());
  }

  void clear() {
    fields.clear();
    snapshot = SnapshotRow.NONE;
    committedAtMicros = ChangeEvent.NO_TIME;
    timePrecision = 0;
  }

  /** Reads the block the parser is at. */
  void read(JsonParser parser) throws IOException {
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      parser.skipChildren();
      return;
    }
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      int field = CODES.getOrDefault(parser.currentName(), JsonFields.OTHER);
      if (parser.nextToken() != JsonToken.VALUE_NULL) {
        readField(parser, field);
      }
    }
  }

  private void readField(JsonParser parser, int field) throws IOException {
    switch (field) {
      case JsonFields.OTHER -> parser.skipChildren();
      case SNAPSHOT -> snapshot = SnapshotRow.of(text(parser));
      case SEQUENCE -> fields.set(SEQUENCE, PostgresSequence.lastCommit(text(parser)));
      case TX_ID, GTID -> fields.set(TX_ID, Json.scalar(parser));
      case TS_MS, TS_US, TS_NS, LSN, POS, ROW, EVENT_SERIAL_NO, SSN, TX_SEQ, ORD ->
          setNumber(field, number(parser, field));
      default -> fields.set(field, Json.scalar(parser));
    }
  }

  /**
   * Reads the block the scanner is at.
   *
   * @return false if it must be parsed
   */
  boolean scan(JsonScanner json) {
    int start = json.position();
    if (recurring.next(json)) {
      fields.reuse(lastTexts);
      snapshot = lastSnapshot;
      for (int i = 0; i < recurring.count(); i++) {
        setNumber(recurring.code(i), recurring.number(i));
      }
      return true;
    }
    json.seek(start);
    recurring.begin(json);
    boolean isUsual = scanFields(json);
    if (isUsual) {
      recurring.end(json);
      lastTexts = fields.copyTexts();
      lastSnapshot = snapshot;
    }
    return isUsual;
  }

  private boolean scanFields(JsonScanner json) {
    names.begin();
    if (!json.take('{')) {
      return false;
    }
    do {
      int field = names.next(json);
      if (field == JsonFields.UNUSUAL || !(json.takeNull() || scanField(json, field))) {
        return false;
      }
    } while (json.take(','));
    return json.take('}');
  }

  private boolean scanField(JsonScanner json, int field) {
    return switch (field) {
      case JsonFields.OTHER -> scanOther(json);
      case SNAPSHOT -> {
        boolean isText = json.text();
        snapshot =
            !isText || json.textIs(FALSE) ? SnapshotRow.NONE : SnapshotRow.of(json.copyText());
        yield isText;
      }
      case SEQUENCE -> PostgresSequence.scan(json, recurring, fields);
      case TS_MS, TS_US, TS_NS, LSN, POS, ROW, EVENT_SERIAL_NO, SSN, TX_SEQ, ORD ->
          scanNumber(json, field);
      case TX_ID ->
          json.peek() == '"' ? !hasTransaction() && scanText(json, TX_ID) : scanNumber(json, TX_ID);
      case GTID -> !hasTransaction() && scanText(json, TX_ID);
      default -> scanText(json, field);
    };
  }

  private boolean scanText(JsonScanner json, int field) {
    String text = recurringTexts[field].next(json);
    fields.set(field, text);
    return text != null;
  }

  private boolean scanNumber(JsonScanner json, int field) {
    int start = json.position();
    if (!json.whole()) {
      return false;
    }
    recurring.learn(field, start, json);
    setNumber(field, json.number());
    return true;
  }

  private void setNumber(int field, long number) {
    switch (field) {
      case TS_MS -> setTime(number, 1, 1);
      case TS_US -> setTime(number, 2, 1_000);
      case TS_NS -> setTime(number, 3, 1_000_000);
      default -> {} // It is no time.
    }
    fields.set(field, number);
  }

  private boolean scanOther(JsonScanner json) {
    int start = json.position();
    if (scanNumber(json, JsonFields.OTHER)) {
      return true;
    }
    json.seek(start);
    return json.skip();
  }

  /** Debezium gives the same time in up to three precisions; microseconds are enough. */
  private void setTime(long time, int precision, long perMilli) {
    if (precision > timePrecision) {
      long millis = Math.floorDiv(time, perMilli);
      long rest = Math.floorMod(time, perMilli) * 1_000 / perMilli;
      committedAtMicros = Micros.ofMillis(millis, "source.ts") + rest;
      timePrecision = precision;
    }
  }

  private static String text(JsonParser parser) throws IOException {
    String text = Json.scalar(parser);
    return text == null ? "" : text;
  }

  private static long number(JsonParser parser, int field) throws IOException {
    String text = text(parser);
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw SourceFields.unreadable(field, text, "not a whole number");
    }
  }

  /**
   * {@code schema.table}, or {@code database.table} where the source has no schemas; a collection
   * is a table.
   */
  String table() {
    String table = tableOrCollection();
    String schema = fields.text(SCHEMA);
    String owner = schema == null ? fields.text(DB) : schema;
    if (table == null || owner == null) {
      throw new RejectedRecordException(
          Reason.NO_TABLE, "the event has no source.table, or neither source.schema nor source.db");
    }
    if (!table.equals(lastTable) || !owner.equals(lastOwner)) {
      lastOwner = owner;
      lastTable = table;
      lastName = owner + "." + table;
    }
    return lastName;
  }

  private @Nullable String tableOrCollection() {
    String table = fields.text(TABLE);
    return table == null ? fields.text(COLLECTION) : table;
  }

  boolean hasTable() {
    return tableOrCollection() != null;
  }

  /** Whether the event is about a document, whose images are text. */
  boolean isOfDocument() {
    return fields.text(COLLECTION) != null;
  }

  /** Microseconds since the epoch, or {@link ChangeEvent#NO_TIME}. */
  long committedAt() {
    return committedAtMicros;
  }

  @Nullable String transaction() {
    long number = fields.number(TX_ID, NO_TRANSACTION);
    return number == NO_TRANSACTION ? fields.text(TX_ID) : Long.toString(number);
  }

  private boolean hasTransaction() {
    return fields.number(TX_ID, NO_TRANSACTION) != NO_TRANSACTION || fields.text(TX_ID) != null;
  }

  /** Whether the event is a row of a snapshot, and which. */
  SnapshotRow snapshot() {
    return snapshot;
  }

  /** See {@link SourceOrder#isUnplaced}; of the event whose position was asked for last. */
  boolean isUnplaced() {
    return order.isUnplaced(fields);
  }

  /**
   * The event's place in its source's order.
   *
   * @throws RejectedRecordException if the block does not tell it
   */
  Position position(PositionEncoder encoder, int epoch, Operation operation, long totalOrder) {
    String connector = fields.text(CONNECTOR);
    if (!lastConnector.equals(connector)) {
      lastConnector = connector == null ? "" : connector;
      order = SourceOrder.of(lastConnector);
    }
    boolean isRead = snapshot != SnapshotRow.NONE || operation == Operation.READ;
    return order.position(fields, encoder.start(epoch), isRead, totalOrder);
  }
}
