package io.millrace.schemas.format;

import com.fasterxml.jackson.core.JsonParser;
import io.millrace.schemas.PositionEncoder;
import io.millrace.schemas.RejectedRecordException;
import io.millrace.schemas.RejectedRecordException.Reason;
import java.io.IOException;
import java.math.BigInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * The log position in Datastream's {@code source_metadata}. Oracle: {@code scn}, the redo record
 * ({@code rs_id}), {@code ssn}. MySQL: the number of {@code log_file}, {@code log_position}.
 * PostgreSQL and SQL Server: the {@code lsn}.
 */
final class DatastreamPosition {
  private static final Pattern POSTGRES_LSN =
      Pattern.compile("([0-9A-Fa-f]{1,8})/([0-9A-Fa-f]{1,8})");
  private static final Pattern SQL_SERVER_LSN =
      Pattern.compile("([0-9A-Fa-f]{1,8}):([0-9A-Fa-f]{1,8}):([0-9A-Fa-f]{1,8})");
  private static final Pattern HEXADECIMAL = Pattern.compile("0x([0-9A-Fa-f]{1,40})");

  private @Nullable String logFile;
  private @Nullable String logPosition;
  private @Nullable String scn;
  private @Nullable String redoRecord;
  private @Nullable String statement;
  private @Nullable String lsn;

  void clear() {
    logFile = null;
    logPosition = null;
    scn = null;
    redoRecord = null;
    statement = null;
    lsn = null;
  }

  /** Takes a field, whose value the parser is at; passes over others. */
  void readField(String name, JsonParser parser) throws IOException {
    switch (name) {
      case "log_file" -> logFile = Json.scalar(parser);
      case "log_position" -> logPosition = Json.scalar(parser);
      case "scn" -> scn = Json.scalar(parser);
      case "rs_id" -> redoRecord = Json.scalar(parser);
      case "ssn" -> statement = Json.scalar(parser);
      case "lsn" -> lsn = Json.scalar(parser);
      default -> parser.skipChildren();
    }
  }

  /**
   * Appends the position.
   *
   * @throws RejectedRecordException if there is none
   */
  PositionEncoder append(PositionEncoder position) {
    if (scn != null) {
      position.number(number("scn", scn));
      RedoRecord.append(position, redoRecord, "source_metadata.rs_id");
      return position.number(statement == null ? BigInteger.ZERO : number("ssn", statement));
    }
    if (lsn != null && !lsn.isEmpty()) {
      return appendLsn(position, lsn);
    }
    if (logFile != null && !logFile.isEmpty() && logPosition != null) {
      return position
          .number(Binlog.fileNumber(logFile, "source_metadata.log_file"))
          .number(number("log_position", logPosition));
    }
    throw new RejectedRecordException(
        Reason.NO_POSITION,
        "'source_metadata' has no log position: neither scn, nor lsn, nor log_file and"
            + " log_position");
  }

  private static PositionEncoder appendLsn(PositionEncoder position, String lsn) {
    for (Pattern form : new Pattern[] {POSTGRES_LSN, SQL_SERVER_LSN}) {
      Matcher parts = form.matcher(lsn);
      if (parts.matches()) {
        for (int part = 1; part <= parts.groupCount(); part++) {
          position.number(Long.parseLong(parts.group(part), 16));
        }
        return position;
      }
    }
    Matcher digits = HEXADECIMAL.matcher(lsn);
    return position.number(
        digits.matches() ? new BigInteger(digits.group(1), 16) : number("lsn", lsn));
  }

  private static BigInteger number(String field, String text) {
    if (!text.matches("\\d{1,100}")) {
      throw new RejectedRecordException(
          Reason.NO_POSITION,
          "source_metadata." + field + " is '" + text + "', not a log position");
    }
    return new BigInteger(text);
  }
}
