package io.millrace.schemas.image;

import io.millrace.schemas.contract.ColumnContract;
import io.millrace.schemas.contract.ColumnType;
import java.util.List;
import org.apache.beam.sdk.schemas.Schema;
import org.apache.beam.sdk.schemas.Schema.FieldType;
import org.apache.beam.sdk.schemas.logicaltypes.NanosInstant;
import org.apache.beam.sdk.schemas.logicaltypes.SqlTypes;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Beam's types for the values of columns, at full precision: a field takes the very object that
 * {@link ColumnType.Kind} states, but for what no field of Beam's can take.
 */
public final class RowTypes {
  /** The schema of these columns, by their names in the target; every field may be null. */
  public static Schema schema(List<ColumnContract> columns) {
    Schema.Builder schema = Schema.builder();
    columns.forEach(column -> schema.addNullableField(column.name(), type(column.type())));
    return schema.build();
  }

  /** The type of a field that takes values of a column. */
  public static FieldType type(ColumnType type) {
    return switch (type.kind()) {
      case BOOLEAN -> FieldType.BOOLEAN;
      case SMALLINT -> FieldType.INT16;
      case INTEGER -> FieldType.INT32;
      case BIGINT -> FieldType.INT64;
      case DECIMAL -> FieldType.DECIMAL;
      case REAL -> FieldType.FLOAT;
      case DOUBLE -> FieldType.DOUBLE;
      case TEXT, UUID, JSON, OPAQUE, TIME_TZ -> FieldType.STRING;
      case BYTES -> FieldType.BYTES;
      case DATE -> FieldType.logicalType(SqlTypes.DATE);
      case TIME -> FieldType.logicalType(SqlTypes.TIME);
      case TIMESTAMP -> FieldType.logicalType(SqlTypes.DATETIME);
      case TIMESTAMP_TZ -> FieldType.logicalType(new NanosInstant());
      case ARRAY -> FieldType.array(type(type.element()).withNullable(true));
    };
  }

  /** A value as a field of a {@link #schema} takes it. */
  public static @Nullable Object value(ColumnType type, @Nullable Object value) {
    return switch (type.kind()) {
      case DECIMAL -> value instanceof Double ? null : value;
      case TIME_TZ -> value == null ? null : value.toString();
      case ARRAY ->
          value == null
              ? null
              : ((List<?>) value)
                  .stream().<@Nullable Object>map(each -> value(type.element(), each)).toList();
      default -> value;
    };
  }

  private RowTypes() {}
}
