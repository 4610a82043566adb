package io.millrace.transforms.warehouse;

/**
 * The columns of a table of all changes that a target table does not have; and {@link #TIP} and
 * {@link #TIP_FROM}, which a target table with a history has beside the {@link SystemColumns}.
 */
final class HistoryColumns {
  /** What the change did: U for an upsert, R for a row of a snapshot, D for a delete. */
  static final String OPERATION = "_operation";

  /** The columns that the change itself left unchanged; null for none. */
  static final String UNCHANGED = "_unchanged";

  /** When the change's version began; null for a delete. */
  static final String VALID_FROM = "_valid_from";

  /** When the version ended that the change shows; null while it is current. */
  static final String VALID_TO = "_valid_to";

  /** The position of the version's first change; null if that is this one. */
  static final String VERSION_POSITION = "_version_position";

  /** When the version's first change was committed, if that is another one, and if known. */
  static final String VERSION_COMMITTED_AT = "_version_committed_at";

  /** See {@link TrackedDigest}; null where the change left columns unchanged. */
  static final String DIGEST = "_digest";

  /** Whether the change shows its version. */
  static final String VISIBLE = "_visible";

  /**
   * In the target table: the operation of the row's newest change and its digest, where that change
   * opened a version and is in no other table. Null elsewhere.
   */
  static final String TIP = "_tip";

  /** In the target table: when the version began that this change opened. */
  static final String TIP_FROM = "_tip_from";

  private HistoryColumns() {}
}
