package io.millrace.schemas.format;

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
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * The {@code source} block of a Debezium event: the table, the commit time and the position.
 *
 * <p>Positions. PostgreSQL: the last commit's LSN ({@code sequence[0]}, 0 where null or absent), 0
 * for a snapshot's row or 1, the row's LSN, the event's order in its transaction. The rows' LSNs
 * alone do not order changes, since a row written early may commit late. MySQL and MariaDB: the
 * binlog file's number, the position in it, 0 for a snapshot's row or 1, the row in the event.
 *
 * @see <a
 *     href="https://debezium.io/documentation/reference/stable/connectors/postgresql.html#postgresql-events">
 *     Debezium PostgreSQL events</a>
 * @see <a
 *     href="https://debezium.io/documentation/reference/stable/connectors/mysql.html#mysql-events">
 *     Debezium MySQL events</a>
 */
final class DebeziumSource {
  private static final long ABSENT = Long.MIN_VALUE;
  private static final byte[] FALSE = "false".getBytes(StandardCharsets.UTF_8);
  private static final byte[] SEQUENCE_START = "\"[\\\"".getBytes(StandardCharsets.UTF_8);
  private static final byte[] SEQUENCE_NEXT = "\\\",\\\"".getBytes(StandardCharsets.UTF_8);
  private static final byte[] SEQUENCE_NULL = "\"[null,\\\"".getBytes(StandardCharsets.UTF_8);

  private static final int CONNECTOR = 1;
  private static final int DB = 2;
  private static final int SCHEMA = 3;
  private static final int TABLE = 4;
  private static final int SNAPSHOT = 5;
  private static final int TS_MS = 6;
  private static final int TS_US = 7;
  private static final int TS_NS = 8;
  private static final int SEQUENCE = 9;
  private static final int LSN = 10;
  private static final int TX_ID = 11;
  private static final int GTID = 12;
  private static final int FILE = 13;
  private static final int POS = 14;
  private static final int ROW = 15;

  private final JsonFields fields =
      new JsonFields(
          "connector",
          "db",
          "schema",
          "table",
          "snapshot",
          "ts_ms",
          "ts_us",
          "ts_ns",
          "sequence",
          "lsn",
          "txId",
          "gtid",
          "file",
          "pos",
          "row");
  private final RecurringObject recurring = new RecurringObject();
  private final RecurringText connectors = new RecurringText();
  private final RecurringText databases = new RecurringText();
  private final RecurringText schemas = new RecurringText();
  private final RecurringText tables = new RecurringText();
  private final RecurringText gtids = new RecurringText();
  private final RecurringText files = new RecurringText();

  private String lastOwner = "";
  private String lastTable = "";
  private String lastName = ".";
  private String connector = "";
  private @Nullable String database;
  private @Nullable String schema;
  private @Nullable String table;
  private boolean snapshot;
  private long committedAtMicros = ABSENT;
  private int timePrecision;
  private long lastCommitLsn;
  private long lsn = ABSENT;
  private @Nullable String transaction;
  private @Nullable String file;
  private long pos = ABSENT;
  private long row;

  /** What the last block has besides numbers. */
  private Texts texts = new Texts("", null, null, null, false, null, null);

  private record Texts(
      String connector,
      @Nullable String database,
      @Nullable String schema,
      @Nullable String table,
      boolean snapshot,
      @Nullable String transaction,
      @Nullable String file) {}

  void clear() {
    connector = "";
    database = null;
    schema = null;
    table = null;
    snapshot = false;
    committedAtMicros = ABSENT;
    timePrecision = 0;
    lastCommitLsn = 0;
    lsn = ABSENT;
    transaction = null;
    file = null;
    pos = ABSENT;
    row = 0;
  }

  /** Reads the block the parser is at. */
  void read(JsonParser parser) throws IOException {
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      parser.skipChildren();
      return;
    }
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      JsonToken token = parser.nextToken();
      if (token == JsonToken.VALUE_NULL) {
        continue;
      }
      switch (name) {
        case "connector" -> connector = text(parser);
        case "db" -> database = Json.scalar(parser);
        case "schema" -> schema = Json.scalar(parser);
        case "table" -> table = Json.scalar(parser);
        case "snapshot" -> snapshot = !text(parser).equals("false");
        case "ts_ms" -> time(parser, 1, 1);
        case "ts_us" -> time(parser, 2, 1_000);
        case "ts_ns" -> time(parser, 3, 1_000_000);
        case "sequence" -> lastCommitLsn = lastCommitLsn(text(parser));
        case "lsn" -> lsn = number(parser, "lsn");
        case "txId", "gtid" -> transaction = Json.scalar(parser);
        case "file" -> file = Json.scalar(parser);
        case "pos" -> pos = number(parser, "pos");
        case "row" -> row = number(parser, "row");
        default -> parser.skipChildren();
      }
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
      setTexts();
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
      texts = new Texts(connector, database, schema, table, snapshot, transaction, file);
    }
    return isUsual;
  }

  private void setTexts() {
    connector = texts.connector;
    database = texts.database;
    schema = texts.schema;
    table = texts.table;
    snapshot = texts.snapshot;
    transaction = texts.transaction;
    file = texts.file;
  }

  private boolean scanFields(JsonScanner json) {
    fields.begin();
    if (!json.take('{')) {
      return false;
    }
    do {
      int field = fields.next(json);
      if (field == JsonFields.UNUSUAL || !(json.takeNull() || scanField(json, field))) {
        return false;
      }
    } while (json.take(','));
    return json.take('}');
  }

  private boolean scanField(JsonScanner json, int field) {
    return switch (field) {
      case CONNECTOR -> (connector = connectors.next(json)) != null;
      case DB -> (database = databases.next(json)) != null;
      case SCHEMA -> (schema = schemas.next(json)) != null;
      case TABLE -> (table = tables.next(json)) != null;
      case SNAPSHOT -> {
        boolean isText = json.text();
        snapshot = isText && !json.textIs(FALSE);
        yield isText;
      }
      case TS_MS, TS_US, TS_NS, LSN, TX_ID, POS, ROW -> scanNumber(json, field);
      case SEQUENCE -> scanSequence(json);
      case GTID -> transaction == null && (transaction = gtids.next(json)) != null;
      case FILE -> (file = files.next(json)) != null;
      default -> scanOther(json);
    };
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
      case SEQUENCE -> lastCommitLsn = number;
      case LSN -> lsn = number;
      case TX_ID -> transaction = Long.toString(number);
      case POS -> pos = number;
      case ROW -> row = number;
      default -> {} // Nobody wants it; it only varies.
    }
  }

  private boolean scanOther(JsonScanner json) {
    int start = json.position();
    if (scanNumber(json, JsonFields.OTHER)) {
      return true;
    }
    json.seek(start);
    return json.skip();
  }

  /** Takes {@code "[\"last commit lsn\",\"lsn\"]"}, or one whose first is null, from its bytes. */
  private boolean scanSequence(JsonScanner json) {
    int start = json.position();
    if (json.take(SEQUENCE_START)) {
      if (!scanLsn(json, SEQUENCE) || !json.take(SEQUENCE_NEXT)) {
        return false;
      }
    } else if (!json.take(SEQUENCE_NULL)) {
      return false;
    }
    if (!scanLsn(json, JsonFields.OTHER)) {
      return false;
    }
    json.seek(start);
    return json.skip();
  }

  private boolean scanLsn(JsonScanner json, int field) {
    int start = json.position();
    if (!json.digits() || json.peek() != '\\') {
      return false;
    }
    recurring.learn(field, start, json);
    setNumber(field, json.number());
    return true;
  }

  /** Debezium gives the same time in up to three precisions; microseconds are enough. */
  private void time(JsonParser parser, int precision, long perMilli) throws IOException {
    setTime(number(parser, "ts"), precision, perMilli);
  }

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

  private static long number(JsonParser parser, String field) throws IOException {
    String text = text(parser);
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw new RejectedRecordException(
          Reason.NO_POSITION, "source." + field + " is '" + text + "', not a whole number");
    }
  }

  /** The first of {@code ["last commit lsn","lsn"]}. */
  private static long lastCommitLsn(String sequence) {
    int start = sequence.indexOf('"');
    int comma = sequence.indexOf(',');
    if (start < 0 || (comma >= 0 && start > comma)) {
      return 0;
    }
    int end = sequence.indexOf('"', start + 1);
    try {
      return Long.parseLong(sequence, start + 1, end, 10);
    } catch (NumberFormatException | IndexOutOfBoundsException e) {
      throw new RejectedRecordException(
          Reason.NO_POSITION, "source.sequence is '" + sequence + "', not two LSNs");
    }
  }

  /** {@code schema.table}, or {@code database.table} where the source has no schemas. */
  String table() {
    if (table == null || (schema == null && database == null)) {
      throw new RejectedRecordException(
          Reason.NO_TABLE, "the event has no source.table, or neither source.schema nor source.db");
    }
    String owner = schema == null ? database : schema;
    if (!table.equals(lastTable) || !owner.equals(lastOwner)) {
      lastOwner = owner;
      lastTable = table;
      lastName = owner + "." + table;
    }
    return lastName;
  }

  boolean hasTable() {
    return table != null;
  }

  /** Microseconds since the epoch, or {@link ChangeEvent#NO_TIME}. */
  long committedAt() {
    return committedAtMicros;
  }

  @Nullable String transaction() {
    return transaction;
  }

  /**
   * The event's place in its source's order.
   *
   * @throws RejectedRecordException if the block does not tell it
   */
  Position position(PositionEncoder encoder, int epoch, Operation operation, long totalOrder) {
    boolean isRead = snapshot || operation == Operation.READ;
    return switch (connector) {
      case "postgresql" -> {
        require(lsn, "source.lsn");
        yield encoder
            .start(epoch)
            .number(lastCommitLsn)
            .rank(isRead ? 0 : 1)
            .number(lsn)
            .number(totalOrder)
            .end();
      }
      case "mysql", "mariadb" -> {
        require(pos, "source.pos");
        yield encoder
            .start(epoch)
            .number(fileNumber(isRead))
            .number(pos)
            .rank(isRead ? 0 : 1)
            .number(row)
            .end();
      }
      default ->
          throw new RejectedRecordException(
              Reason.NO_POSITION,
              connector.isEmpty()
                  ? "the event has no source.connector, so its position cannot be told"
                  : "events of the connector '" + connector + "' are not supported yet");
    };
  }

  private static void require(long value, String field) {
    if (value == ABSENT) {
      throw new RejectedRecordException(
          Reason.NO_POSITION, "the event has no " + field + ", so it has no position");
    }
  }

  /**
   * The number that ends a binlog file's name: 3 of {@code mysql-bin.000003}. Flink CDC's readers
   * of snapshots give neither file nor position; such a row is before all that the binlog has.
   */
  private long fileNumber(boolean isRead) {
    String name = file == null ? "" : file;
    if (isRead && name.isEmpty() && pos == 0) {
      return 0;
    }
    int start = name.length();
    while (start > 0 && Character.digit(name.charAt(start - 1), 10) >= 0) {
      start--;
    }
    try {
      return Long.parseLong(name, start, name.length(), 10);
    } catch (NumberFormatException e) {
      throw new RejectedRecordException(
          Reason.NO_POSITION, "source.file is '" + name + "', which ends in no number");
    }
  }
}
