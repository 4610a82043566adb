package io.millrace.schemas.format;

import io.millrace.schemas.RejectedRecordException;
import io.millrace.schemas.RejectedRecordException.Reason;
import java.util.Arrays;
import java.util.List;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * What a Debezium event's {@code source} block holds, field by field; used again for block after
 * block.
 */
final class SourceFields {
  static final int CONNECTOR = 1;
  static final int DB = 2;
  static final int SCHEMA = 3;
  static final int TABLE = 4;
  static final int COLLECTION = 5;
  static final int SNAPSHOT = 6;
  static final int TS_MS = 7;
  static final int TS_US = 8;
  static final int TS_NS = 9;
  static final int SEQUENCE = 10;
  static final int LSN = 11;
  static final int TX_ID = 12;
  static final int GTID = 13;
  static final int FILE = 14;
  static final int POS = 15;
  static final int ROW = 16;
  static final int COMMIT_LSN = 17;
  static final int CHANGE_LSN = 18;
  static final int EVENT_SERIAL_NO = 19;
  static final int COMMIT_SCN = 20;
  static final int SCN = 21;
  static final int RS_ID = 22;
  static final int SSN = 23;
  static final int TX_SEQ = 24;
  static final int LCR_POSITION = 25;
  static final int ORD = 26;

  /** The fields' names, the first of which has the code 1. */
  static final List<String> NAMES =
      List.of(
          "connector",
          "db",
          "schema",
          "table",
          "collection",
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
          "row",
          "commit_lsn",
          "change_lsn",
          "event_serial_no",
          "commit_scn",
          "scn",
          "rs_id",
          "ssn",
          "txSeq",
          "lcr_position",
          "ord");

  static final int COUNT = NAMES.size() + 1;

  private static final long ABSENT = Long.MIN_VALUE;

  private final long[] numbers = new long[COUNT];
  private final @Nullable String[] ownTexts = new String[COUNT];
  private @Nullable String[] texts = ownTexts;

  void clear() {
    Arrays.fill(numbers, ABSENT);
    Arrays.fill(ownTexts, null);
    texts = ownTexts;
  }

  void set(int field, long number) {
    numbers[field] = number;
  }

  void set(int field, @Nullable String text) {
    ownTexts[field] = text;
  }

  /** The texts, which can be {@link #reuse used again}. */
  @Nullable String[] copyTexts() {
    return texts.clone();
  }

  /** Takes all texts of a block that was read before; further ones are not to be set. */
  void reuse(@Nullable String[] known) {
    texts = known;
  }

  @Nullable String text(int field) {
    return texts[field];
  }

  /** A number, or another where the block does not have it. */
  long number(int field, long otherwise) {
    return numbers[field] == ABSENT ? otherwise : numbers[field];
  }

  /**
   * @throws RejectedRecordException if the block does not have the number
   */
  long requiredNumber(int field) {
    if (numbers[field] == ABSENT) {
      throw absent(field);
    }
    return numbers[field];
  }

  /**
   * @throws RejectedRecordException if the block does not have the text
   */
  String requiredText(int field) {
    String text = texts[field];
    if (text == null) {
      throw absent(field);
    }
    return text;
  }

  private static RejectedRecordException absent(int field) {
    return new RejectedRecordException(
        Reason.NO_POSITION, "the event has no source." + name(field) + ", so it has no position");
  }

  /** The complaint that a field holds what it should not. */
  static RejectedRecordException unreadable(int field, String text, String expected) {
    return new RejectedRecordException(
        Reason.NO_POSITION, "source." + name(field) + " is '" + text + "', " + expected);
  }

  static String name(int field) {
    return NAMES.get(field - 1);
  }
}
