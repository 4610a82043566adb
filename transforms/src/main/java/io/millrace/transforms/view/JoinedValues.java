package io.millrace.transforms.view;

import io.millrace.schemas.wire.ByteReader;
import java.util.List;
import org.apache.beam.sdk.values.Row;
import org.checkerframework.checker.nullness.qual.Nullable;

/** The values of a {@link JoinedRow}; each table's row is decoded when a column of it is asked. */
final class JoinedValues {
  private final List<ViewTable> tables;
  private final byte[] joined;
  private final @Nullable Row[] rows;
  private final boolean[] isDecoded;

  /**
   * The values of rows that were joined.
   *
   * @param tables of the rows, in the order of the joins
   */
  JoinedValues(List<ViewTable> tables, byte[] joined) {
    this.tables = tables;
    this.joined = joined;
    this.rows = new Row[tables.size()];
    this.isDecoded = new boolean[rows.length];
  }

  /** A column's value; null also where an outer join found no row. */
  @Nullable Object value(ViewExpression.Column column) {
    int input = column.input();
    if (!isDecoded[input]) {
      isDecoded[input] = true;
      ByteReader in = JoinedRow.at(joined, input);
      int length = in.readLength() - 1;
      rows[input] = length < 0 ? null : tables.get(input).decode(joined, in.position(), length);
    }
    Row row = rows[input];
    return row == null ? null : row.getValue(column.place());
  }
}
