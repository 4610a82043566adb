package io.millrace.schemas;

/** What a change event did to its row. The code of each operation is part of the coder's format. */
public enum Operation {
  /** A row appeared. */
  INSERT(1),
  /** A row changed. */
  UPDATE(2),
  /** A row is as given, whether or not it was there before. */
  UPSERT(3),
  /** A row as a snapshot of its table saw it. */
  READ(4),
  /** A row went away. */
  DELETE(5),
  /** All rows of a table went away; the event has no key. */
  TRUNCATE(6),
  /**
   * A snapshot of a table began, whose rows' positions do not tell where they stand among earlier
   * changes of the source, so that it must be the first of its epoch; the event has no key, and the
   * position of a {@link #SNAPSHOT_END}.
   */
  SNAPSHOT_START(7),
  /**
   * A snapshot of a table is complete: rows that were there before and that it did not contain are
   * gone. The event has no key; its position is just before that of the snapshot's rows.
   */
  SNAPSHOT_END(8);

  private static final Operation[] BY_CODE = new Operation[9];

  static {
    for (Operation operation : values()) {
      BY_CODE[operation.code] = operation;
    }
  }

  private final int code;

  Operation(int code) {
    this.code = code;
  }

  /** The stable number that stands for this operation in encoded events. */
  public int code() {
    return code;
  }

  /** Whether the event carries the row as it is afterwards. */
  public boolean isUpsert() {
    return code <= 4;
  }

  /** Whether the event concerns a table as a whole, and has no key. */
  public boolean isOfTable() {
    return code >= TRUNCATE.code;
  }

  /** Whether the event only tells of a snapshot. */
  public boolean isOfSnapshot() {
    return code >= SNAPSHOT_START.code;
  }

  /** Whether the event may change a row that was there before, and say so. */
  public boolean isUpdate() {
    return this == UPDATE || this == UPSERT;
  }

  /**
   * The operation with this code.
   *
   * @throws IllegalArgumentException if no operation has the code
   */
  public static Operation ofCode(int code) {
    if (code < 1 || code >= BY_CODE.length) {
      throw new IllegalArgumentException("No operation has code " + code);
    }
    return BY_CODE[code];
  }
}
