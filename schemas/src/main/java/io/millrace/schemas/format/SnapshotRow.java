package io.millrace.schemas.format;

/**
 * Where a row stands in a snapshot of its table, as {@code source.snapshot} tells it.
 *
 * @see <a
 *     href="https://github.com/debezium/debezium/blob/main/debezium-connector-common/src/main/java/io/debezium/connector/SnapshotRecord.java">
 *     Debezium's SnapshotRecord</a>
 */
enum SnapshotRow {
  /** It is none of a snapshot. */
  NONE,
  /** Neither the first nor the last, or of an incremental snapshot, which runs beside the log. */
  MIDDLE,
  FIRST,
  /** It may be the first, too. */
  LAST;

  static SnapshotRow of(String text) {
    return switch (text) {
      case "false" -> NONE;
      case "first", "first_in_data_collection" -> FIRST;
      case "last", "last_in_data_collection" -> LAST;
      default -> MIDDLE;
    };
  }
}
