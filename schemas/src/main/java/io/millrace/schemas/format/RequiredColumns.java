package io.millrace.schemas.format;

import io.millrace.schemas.Image;
import io.millrace.schemas.Operation;
import io.millrace.schemas.RejectedRecordException;
import io.millrace.schemas.RejectedRecordException.Reason;
import io.millrace.schemas.contract.ColumnContract;
import io.millrace.schemas.contract.TableContract;
import io.millrace.schemas.image.Columns;
import java.util.List;
import java.util.stream.IntStream;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * The columns outside the key of one table that every row must have a value for. A null is none. A
 * column that a row leaves out is a fault only in a row that must be whole: an insert, or a row of
 * a snapshot; one that is marked as unavailable did not change, and is no fault anywhere.
 */
final class RequiredColumns {
  private final TableContract table;
  private final int[] indexes;

  private RequiredColumns(TableContract table, int[] indexes) {
    this.table = table;
    this.indexes = indexes;
  }

  /** Those of a table, or null if none is required, or rows go in without them. */
  static @Nullable RequiredColumns of(TableContract table) {
    List<ColumnContract> columns = table.columns();
    int[] required =
        IntStream.range(0, columns.size())
            .filter(i -> columns.get(i).required() && !columns.get(i).isKey())
            .toArray();
    return table.quarantinesWithoutRequired() && required.length > 0
        ? new RequiredColumns(table, required)
        : null;
  }

  /**
   * Checks a row.
   *
   * @param columns the row's columns, read or checked
   * @throws RejectedRecordException if a required one is missing
   */
  void check(Columns columns, Image row, Operation operation) {
    for (int index : indexes) {
      if (columns.value(index) == null) {
        ColumnContract column = table.columns().get(index);
        if (columns.isSupplied(index)) {
          throw missing(column, "is null");
        } else if (!operation.isUpdate() && !column.isDerived() && !isMarked(row, column)) {
          throw missing(column, "is missing");
        }
      }
    }
  }

  /**
   * Whether a row that does not supply a column has it all the same: as one that is unavailable.
   */
  private boolean isMarked(Image row, ColumnContract column) {
    return RowImages.names(row).stream()
        .anyMatch(name -> table.isNamed(column.physicalName(), name));
  }

  private RejectedRecordException missing(ColumnContract column, String problem) {
    return new RejectedRecordException(
        Reason.MISSING_COLUMN,
        "column "
            + column.physicalName()
            + " of table "
            + table.name()
            + " "
            + problem
            + ", and the contract requires it; mend the source, or take out required: true, or set"
            + " the table's custom property "
            + TableContract.REQUIRED_COLUMNS
            + " to capture");
  }
}
