package io.millrace.schemas.image;

import io.millrace.schemas.contract.AnyCase;
import io.millrace.schemas.contract.ColumnContract;
import io.millrace.schemas.contract.TableContract;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Finds columns by the names the source gives them: exactly, or else in any case where the table
 * allows it.
 */
final class ColumnNames {
  /** No column has the name. */
  static final int NONE = -1;

  private final List<ColumnContract> columns;
  private final boolean anyCase;
  private final Map<String, Integer> exact = new HashMap<>();
  private final Map<String, Integer> folded = new HashMap<>();

  ColumnNames(TableContract table) {
    this.columns = table.columns();
    this.anyCase = table.isCaseInsensitive();
    for (int i = 0; i < columns.size(); i++) {
      exact.put(columns.get(i).physicalName(), i);
      folded.put(AnyCase.fold(columns.get(i).physicalName()), i);
    }
  }

  /** Whether names that differ only by case name one column. */
  boolean inAnyCase() {
    return anyCase;
  }

  /** The index of the column of this name, or {@link #NONE}. */
  int find(String name) {
    Integer index = exact.get(name);
    if (index == null && anyCase) {
      index = folded.get(AnyCase.fold(name));
    }
    return index == null ? NONE : index;
  }

  /** As {@link #find}, looking first at the column that is expected here. */
  int find(String name, int expected) {
    return expected < columns.size() && columns.get(expected).physicalName().equals(name)
        ? expected
        : find(name);
  }

  /** What a map from the source's names has for each column; null where it has nothing. */
  @Nullable String[] inOrder(Map<String, String> byName) {
    String[] values = new String[columns.size()];
    byName.forEach(
        (name, value) -> {
          int index = find(name);
          if (index != NONE) {
            values[index] = value;
          }
        });
    return values;
  }
}
