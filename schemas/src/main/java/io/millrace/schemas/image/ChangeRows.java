package io.millrace.schemas.image;

import io.millrace.schemas.ChangeEvent;
import io.millrace.schemas.Image;
import io.millrace.schemas.ImageEncoding;
import io.millrace.schemas.RejectedRecordException;
import io.millrace.schemas.RejectedRecordException.Reason;
import io.millrace.schemas.UnknownColumns;
import io.millrace.schemas.contract.ColumnContract;
import io.millrace.schemas.contract.TableContract;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.schemas.Schema;
import org.apache.beam.sdk.values.Row;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Decodes changes of one table to rows of all or some of its columns, and to rows of the key's
 * columns. An instance may be part of a {@code DoFn}; it is used by one thread at a time.
 *
 * <pre>{@code
 * ChangeRows segments = ChangeRows.of(customers, "name", "segment");
 * Row row = segments.row(change);
 * }</pre>
 */
public final class ChangeRows implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Schemas change seldom; this only bounds what a stream of ever new ones could take. */
  private static final int MOST_READERS = 1_000;

  private final TableContract table;
  private final ArrayList<Integer> indexes;
  private final Schema schema;
  private final Schema keySchema;
  private transient @Nullable Map<ImageEncoding, ImageReader> readers;
  private transient @Nullable KeyCodec keys;

  private ChangeRows(TableContract table, List<Integer> indexes) {
    this.table = table;
    this.indexes = new ArrayList<>(indexes);
    this.schema = RowTypes.schema(indexes.stream().map(table.columns()::get).toList());
    this.keySchema =
        RowTypes.schema(table.keyColumns().stream().map(table.columns()::get).toList());
  }

  /**
   * Decodes columns of a table, in this order; all, in the contract's order, if none is named.
   *
   * @param columns their names in the contract ({@code name})
   * @throws IllegalArgumentException if the table has no such column
   */
  public static ChangeRows of(TableContract table, String... columns) {
    List<String> names = table.columns().stream().map(ColumnContract::name).toList();
    List<Integer> indexes = new ArrayList<>();
    for (String column : columns.length == 0 ? names : Arrays.asList(columns)) {
      if (!names.contains(column)) {
        throw new IllegalArgumentException(
            "Table " + table.name() + " has no column " + column + "; it has " + names);
      }
      indexes.add(names.indexOf(column));
    }
    return new ChangeRows(table, indexes);
  }

  /** The columns' names and types, as {@link EventRows#schema()} has them. */
  public Schema schema() {
    return schema;
  }

  /** The names and types of the key's columns, in the key's order. */
  public Schema keySchema() {
    return keySchema;
  }

  /** The key's columns, also of a delete. */
  public Row key(ChangeEvent change) {
    Object[] values = keyValues(change);
    for (int i = 0; i < values.length; i++) {
      values[i] = value(table.keyColumns().get(i), values[i]);
    }
    return Row.withSchema(keySchema).attachValues(values);
  }

  /**
   * The row as it is after a change. A decimal that is no number (NaN, the infinities) is null.
   *
   * @param change no delete
   * @throws RejectedRecordException if the change leaves a column out because it is unchanged, so
   *     that the change alone does not tell what is in it; or if it does not fit this contract
   */
  public Row row(ChangeEvent change) {
    Image image = change.after();
    if (image == null) {
      throw new IllegalArgumentException("a " + change.operation() + " has no row");
    }
    Columns columns = reader(image.encoding()).readWanted(image);
    @Nullable Object[] values = new Object[indexes.size()];
    for (int i = 0; i < values.length; i++) {
      int index = indexes.get(i);
      if (columns.isSupplied(index)) {
        values[i] = value(index, columns.value(index));
      } else if (table.keyColumns().contains(index)) {
        values[i] = value(index, keyValues(change)[table.keyColumns().indexOf(index)]);
      } else {
        throw new RejectedRecordException(
                Reason.MISSING_COLUMN,
                "the change leaves column "
                    + table.columns().get(index).physicalName()
                    + " unchanged and does not tell its value; have the source send whole rows"
                    + " (PostgreSQL: REPLICA IDENTITY FULL), or do without the column")
            .of(change.table(), change.position());
      }
    }
    return Row.withSchema(schema).attachValues(values);
  }

  private @Nullable Object value(int index, @Nullable Object value) {
    return RowTypes.value(table.columns().get(index).type(), value);
  }

  private Object[] keyValues(ChangeEvent change) {
    if (keys == null) {
      keys = new KeyCodec(table);
    }
    return keys.decode(change.key());
  }

  private ImageReader reader(ImageEncoding encoding) {
    if (readers == null || readers.size() >= MOST_READERS) {
      readers = new HashMap<>();
    }
    return readers.computeIfAbsent(
        encoding, key -> new ImageReader(table, key, UnknownColumns.IGNORE, indexes));
  }
}
