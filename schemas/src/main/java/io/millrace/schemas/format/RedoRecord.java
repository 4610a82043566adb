package io.millrace.schemas.format;

import io.millrace.schemas.PositionEncoder;
import io.millrace.schemas.RejectedRecordException;
import io.millrace.schemas.RejectedRecordException.Reason;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Places in Oracle's redo log: LogMiner's {@code rs_id}. */
final class RedoRecord {
  private static final Pattern FORM =
      Pattern.compile(
          "\\s*(?:0x)?(\\p{XDigit}{1,15})\\.(\\p{XDigit}{1,15})\\.(\\p{XDigit}{1,15})\\s*");

  /**
   * Appends a redo record's log, block and offset; zeros if there is none.
   *
   * @param field what holds it, for the complaint
   * @throws RejectedRecordException if it is not written as LogMiner does
   */
  static void append(PositionEncoder position, @Nullable String redoRecord, String field) {
    if (redoRecord == null || redoRecord.isBlank()) {
      position.number(0).number(0).number(0);
      return;
    }
    Matcher parts = FORM.matcher(redoRecord);
    if (!parts.matches()) {
      throw new RejectedRecordException(
          Reason.NO_POSITION,
          field + " is '" + redoRecord + "', not a redo record such as 0x00009d.00018c0f.0010");
    }
    for (int part = 1; part <= parts.groupCount(); part++) {
      position.number(Long.parseLong(parts.group(part), 16));
    }
  }

  private RedoRecord() {}
}
