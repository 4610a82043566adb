package io.millrace.schemas.format;

import io.millrace.schemas.Image;
import io.millrace.schemas.Operation;
import io.millrace.schemas.RejectedRecordException;
import io.millrace.schemas.RejectedRecordException.Reason;
import io.millrace.schemas.UnknownColumns;
import io.millrace.schemas.contract.ColumnContract;
import io.millrace.schemas.contract.TableContract;
import io.millrace.schemas.contract.WithoutKey;
import io.millrace.schemas.expression.RowDigest;
import io.millrace.schemas.image.Columns;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.checkerframework.checker.nullness.qual.Nullable;

/** What identifies the rows of a table without a key. */
final class RowIdentity {
  private final TableContract table;
  private final WithoutKey policy;
  private final String sourceTable;
  private final List<ColumnContract> columns;
  private final ImageReaders readers;

  private RowIdentity(TableContract table, WithoutKey policy, String sourceTable) {
    this.table = table;
    this.policy = policy;
    this.sourceTable = sourceTable;
    this.columns = table.columns().stream().filter(column -> !column.isDerived()).toList();
    this.readers = new ImageReaders(table.withColumns(columns), UnknownColumns.IGNORE);
  }

  /** The identity of a table's rows, or null if it has a key. */
  static @Nullable RowIdentity of(TableContract table, String sourceTable) {
    return table
        .withoutKey()
        .map(policy -> new RowIdentity(table, policy, sourceTable))
        .orElse(null);
  }

  boolean isAppended() {
    return policy == WithoutKey.APPEND;
  }

  /**
   * The row with the values that did not change and that it leaves open.
   *
   * @throws RejectedRecordException if an update does not have the row before
   */
  @Nullable Image whole(Operation operation, @Nullable Image row, @Nullable Image before) {
    if (before == null && (operation == Operation.UPDATE || operation == Operation.DELETE)) {
      throw rejected("the event of operation " + operation + " has no row before");
    }
    if (row == null || before == null) {
      return row;
    }
    List<String> open = readers.of(row).read(row).unchanged();
    return open.isEmpty()
        ? row
        : RowImages.before(before, RowImages.without(row, Set.copyOf(open)));
  }

  /**
   * What tells a row from all others.
   *
   * @param position the change's position, in hexadecimal digits
   * @throws RejectedRecordException if all columns count and the row does not have them
   */
  String of(Image row, String position) {
    Columns read = readers.of(row).read(row);
    if (!isAppended() && !read.unchanged().isEmpty()) {
      throw rejected("the row does not have the columns " + String.join(", ", read.unchanged()));
    }
    SortedMap<String, @Nullable Object> values = new TreeMap<>();
    for (int i = 0; i < columns.size(); i++) {
      ColumnContract column = columns.get(i);
      values.put(column.physicalName(), DerivedColumns.plain(column.type(), read.value(i)));
    }
    return RowDigest.of(isAppended() ? List.of(sourceTable, position) : List.of(), values);
  }

  private RejectedRecordException rejected(String problem) {
    return new RejectedRecordException(
        Reason.NO_KEY,
        "table "
            + table.name()
            + " has no key, so all its columns identify a row: "
            + problem
            + "; have the source send whole rows (REPLICA IDENTITY FULL)");
  }
}
