package io.millrace.pipelines.audit;

import io.millrace.schemas.contract.ColumnContract;
import io.millrace.schemas.contract.ColumnType.Kind;
import io.millrace.schemas.contract.TableContract;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The rows that the changes in a lake come to. They are kept in memory, some 300 bytes each. */
final class LakeSide implements Side {
  private final String directory;

  LakeSide(String directory) {
    this.directory = directory;
  }

  @Override
  public String name() {
    return "lake";
  }

  @Override
  public String called() {
    return "the lake";
  }

  @Override
  public String place() {
    return directory;
  }

  @Override
  public Optional<String> leavesOut(TableContract table) {
    return table.derived().map(derived -> "it is computed, and the lake does not have it");
  }

  @Override
  public Optional<Map<String, SideColumn>> columns(TableContract table) {
    Map<String, SideColumn> columns = new HashMap<>();
    for (ColumnContract column : table.columns()) {
      columns.put(column.name(), new SideColumn(column.name(), type(column.type().kind()), true));
    }
    return Optional.of(columns);
  }

  /** The type that a database would have for the column. */
  private static String type(Kind kind) {
    return switch (kind) {
      case SMALLINT -> "int2";
      case INTEGER -> "int4";
      case BIGINT -> "int8";
      case DECIMAL -> "numeric";
      case REAL -> "float4";
      case DOUBLE -> "float8";
      case BOOLEAN -> "bool";
      case BYTES -> "bytea";
      case TIMESTAMP_TZ -> "timestamptz";
      case TIME_TZ -> "timetz";
      case JSON -> "jsonb";
      case DATE, TIME, TIMESTAMP, UUID, TEXT, OPAQUE, ARRAY -> kind.name().toLowerCase(Locale.ROOT);
    };
  }

  @Override
  public List<String> columnsBesideContract(TableContract table) {
    return List.of();
  }

  @Override
  public TableRows rows(TableContract table, List<KeyColumn> key, List<ComparedColumn> values) {
    return new LakeTable(directory, table, key, values);
  }

  @Override
  public void close() {
    // Nothing is open.
  }
}
