package io.millrace.pipelines.audit;

/**
 * A column of a key, and by what both sides sort it.
 *
 * @param sortType PostgreSQL's type, in whose order the keys are; {@code text} is sorted by bytes
 */
record KeyColumn(ComparedColumn column, String sortType) {

  /** The column, sorted as what both sides have allows. */
  static KeyColumn of(ComparedColumn column, SideColumn first, SideColumn second) {
    return new KeyColumn(
        column,
        switch (column.kind()) {
          case SMALLINT, INTEGER, BIGINT, DECIMAL ->
              first.isWhole() && second.isWhole() ? "bigint" : "numeric";
          case BOOLEAN -> "boolean";
          case REAL -> "real";
          case DOUBLE -> "double precision";
          case UUID -> "uuid";
          case BYTES -> "bytea";
          case DATE -> "date";
          case TIME -> "time";
          case TIME_TZ -> "timetz";
          case TIMESTAMP -> "timestamp";
          case TIMESTAMP_TZ -> "timestamptz";
          case TEXT, JSON, OPAQUE, ARRAY -> "text";
        });
  }

  String name() {
    return column.name();
  }
}
