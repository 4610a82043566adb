package io.millrace.schemas.contract;

import com.google.auto.value.AutoValue;
import java.io.Serializable;
import java.util.Map;
import java.util.Optional;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Where the rows of a table come from that the source does not have: the elements of an array in a
 * column of another table, its parent.
 */
@AutoValue
public abstract class ParentArray implements Serializable {
  private static final long serialVersionUID = 1L;

  /** The custom property of the table that names its parent, by the name in the contract. */
  static final String TABLE = "parentTable";

  private static final String ARRAY = "arrayColumn";
  private static final String ORDINAL = "ordinalColumn";
  private static final String PARENT_COLUMN = "parentColumn";

  /** The parent's name in the contract. */
  public abstract String table();

  /** The column that holds the array, by its name at the source; empty if none is named. */
  public abstract String arrayColumn();

  /** The table's column for the place of an element, from 1; null if it has none. */
  public abstract @Nullable String ordinalColumn();

  static Optional<ParentArray> of(Map<String, String> customProperties) {
    return Optional.ofNullable(customProperties.get(TABLE))
        .map(
            table ->
                new AutoValue_ParentArray(
                    table,
                    customProperties.getOrDefault(ARRAY, ""),
                    customProperties.get(ORDINAL)));
  }

  /** The parent's column (by its name at the source) whose value a column has, if it is one. */
  public static Optional<String> parentColumn(ColumnContract column) {
    return Optional.ofNullable(column.customProperties().get(PARENT_COLUMN));
  }
}
