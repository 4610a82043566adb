package io.millrace.transforms.warehouse;

/** The columns that every target table has beside the contract's. */
final class SystemColumns {
  /** The position of the newest change of the row. */
  static final String POSITION = "_position";

  /** When the source committed that change, if known. */
  static final String COMMITTED_AT = "_committed_at";

  /** When that change came to the topic or file it was read from, if known. */
  static final String RECEIVED_AT = "_received_at";

  /** When the row was last written here. */
  static final String APPLIED_AT = "_applied_at";

  /** Whether the row is deleted at the source. */
  static final String DELETED = "_deleted";

  /** Which older change supplied a column, for those that the newest one left unchanged. */
  static final String FILLED = "_filled";

  /** Columns that the contract does not know, as every upsert supplies them. */
  static final String EXTRA = "_extra";

  private SystemColumns() {}
}
