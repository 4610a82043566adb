package io.millrace.pipelines.contract;

import io.millrace.schemas.contract.ColumnType;

/**
 * ODCS v3.0's logical types, which are few: a timestamp is a {@code date}.
 *
 * @see <a href="https://bitol-io.github.io/open-data-contract-standard/v3.0.2/schema/">ODCS
 *     schema</a>
 */
final class LogicalType {
  static String of(ColumnType type) {
    return switch (type.kind()) {
      case BOOLEAN -> "boolean";
      case SMALLINT, INTEGER, BIGINT -> "integer";
      case DECIMAL, REAL, DOUBLE -> "number";
      case TEXT, UUID, BYTES, TIME, TIME_TZ, OPAQUE -> "string";
      case DATE, TIMESTAMP, TIMESTAMP_TZ -> "date";
      case JSON -> "object";
      case ARRAY -> "array";
    };
  }

  private LogicalType() {}
}
