package io.millrace.transforms.view;

import io.millrace.schemas.contract.ColumnContract;
import io.millrace.schemas.contract.TableContract;
import io.millrace.schemas.image.RowTypes;
import io.millrace.schemas.image.ValueKey;
import io.millrace.schemas.wire.ByteReader;
import io.millrace.schemas.wire.ByteWriter;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.coders.RowCoder;
import org.apache.beam.sdk.schemas.Schema;
import org.apache.beam.sdk.values.Row;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * What a view needs of a table's rows, and how it keeps one, as bytes: the values that joins
 * compare, as {@link ValueKey} has them, each with its length and 1 more, or 0 if it is null; then
 * all columns that are needed, as Beam encodes a row of them. Equal rows are equal bytes.
 */
final class ViewTable implements Serializable {
  private static final long serialVersionUID = 1L;

  private final TableContract table;
  private final ArrayList<Integer> columns;
  private final ArrayList<Integer> compared;
  private final Schema schema;
  private transient @Nullable RowCoder coder;

  /**
   * Keeps these columns of a table.
   *
   * @param columns their indexes in the table's
   * @param compared the places, in {@code columns}, of those that joins compare
   */
  ViewTable(TableContract table, List<Integer> columns, List<Integer> compared) {
    this.table = table;
    this.columns = new ArrayList<>(columns);
    this.compared = new ArrayList<>(compared);
    Schema.Builder builder = Schema.builder();
    for (int index : columns) {
      ColumnContract column = table.columns().get(index);
      builder.addNullableField(column.physicalName(), RowTypes.type(column.type()));
    }
    this.schema = builder.build();
  }

  TableContract table() {
    return table;
  }

  /** The indexes, in the table's, of the columns that are kept. */
  List<Integer> columns() {
    return columns;
  }

  ColumnContract column(int place) {
    return table.columns().get(columns.get(place));
  }

  /** Keeps a row of these values, in the order of {@link #columns}. */
  byte[] encode(@Nullable Object[] values) {
    ByteWriter out = new ByteWriter(64);
    for (int place : compared) {
      Object value = values[place];
      if (value == null) {
        out.writeVarint(0);
      } else {
        byte[] key = ValueKey.of(value);
        out.writeVarint(key.length + 1);
        out.writeRaw(key, 0, key.length);
      }
    }
    @Nullable Object[] fields = new Object[values.length];
    for (int i = 0; i < fields.length; i++) {
      fields[i] = RowTypes.value(column(i).type(), values[i]);
    }
    ByteArrayOutputStream row = new ByteArrayOutputStream(64);
    try {
      coder().encode(Row.withSchema(schema).attachValues(fields), row);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    out.writeRaw(row.toByteArray(), 0, row.size());
    return out.toByteArray();
  }

  /** The values of a row that lies here. */
  Row decode(byte[] buffer, int offset, int length) {
    ByteReader in = new ByteReader(buffer, offset, length);
    for (int i = 0; i < compared.size(); i++) {
      in.skip(Math.max(0, in.readLength() - 1));
    }
    try {
      int start = in.position();
      return coder().decode(new ByteArrayInputStream(buffer, start, offset + length - start));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Appends the value of a column that joins compare, with its length.
   *
   * @param slot the column's place among those that are compared
   * @return false if it is null; nothing is appended then
   */
  static boolean copy(byte[] buffer, int offset, int length, int slot, ByteWriter out) {
    ByteReader in = new ByteReader(buffer, offset, length);
    for (int i = 0; i < slot; i++) {
      in.skip(Math.max(0, in.readLength() - 1));
    }
    int size = in.readLength();
    if (size == 0) {
      return false;
    }
    out.writeBytes(buffer, in.position(), size - 1);
    return true;
  }

  private RowCoder coder() {
    if (coder == null) {
      coder = RowCoder.of(schema);
    }
    return coder;
  }
}
