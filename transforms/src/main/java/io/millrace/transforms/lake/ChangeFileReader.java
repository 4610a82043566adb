package io.millrace.transforms.lake;

import io.millrace.schemas.Origin;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.io.ColumnIOFactory;
import org.apache.parquet.io.InputFile;
import org.apache.parquet.io.MessageColumnIO;
import org.apache.parquet.io.RecordReader;
import org.apache.parquet.io.api.Converter;
import org.apache.parquet.io.api.GroupConverter;
import org.apache.parquet.io.api.RecordMaterializer;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Walks over the rows of one Parquet file of a lake, of whatever table, as {@link ChangeFileWriter}
 * wrote them; what it shows is good until the next {@link #next()}. It holds one row group, and
 * notices a page that is damaged.
 */
final class ChangeFileReader implements Closeable {
  private final ParquetFileReader file;
  private final MessageColumnIO columns;
  private final Rows rows;
  private final Map<String, Integer> indexes = new HashMap<>();
  private @Nullable RecordReader<@Nullable Object[]> rowGroup;
  private long left;

  /** Stands before the first row. */
  ChangeFileReader(InputFile input) throws IOException {
    file =
        ParquetFileReader.open(
            input,
            ParquetReadOptions.builder(new PlainParquetConfiguration())
                .usePageChecksumVerification(true)
                .build());
    MessageType schema = file.getFileMetaData().getSchema();
    rows = new Rows(schema);
    columns = new ColumnIOFactory(file.getFileMetaData().getCreatedBy()).getColumnIO(schema);
    for (Type column : schema.getFields()) {
      indexes.put(column.getName(), indexes.size());
    }
  }

  /** The columns' names, in the file's order: the table's, and Millrace's own. */
  List<String> names() {
    return rows.names;
  }

  /** Moves to the next row; false after the last. */
  boolean next() throws IOException {
    while (left == 0) {
      PageReadStore pages = file.readNextRowGroup();
      if (pages == null) {
        return false;
      }
      left = pages.getRowCount();
      rowGroup = columns.getRecordReader(pages, rows);
    }
    left--;
    rowGroup.read();
    return true;
  }

  /** The value of a column of the row: see {@link ColumnReader}; null is a value. */
  @Nullable Object value(int column) {
    return rows.values[column];
  }

  /** The value of a column of this name; null also if the file has none. */
  @Nullable Object value(String column) {
    Integer index = indexes.get(column);
    return index == null ? null : rows.values[index];
  }

  /** Where the row's change was read when it came to the lake. */
  Origin origin() {
    Integer partition = (Integer) value(LakeColumns.PARTITION);
    Long line = (Long) value(LakeColumns.LINE);
    return Origin.of(
        (String) value(LakeColumns.SOURCE),
        partition == null ? Origin.NO_PARTITION : partition,
        (Long) value(LakeColumns.OFFSET),
        line == null ? Origin.NO_LINE : line);
  }

  @Override
  public void close() throws IOException {
    file.close();
  }

  /** Takes a row's values from Parquet. */
  private static final class Rows extends RecordMaterializer<@Nullable Object[]> {
    private final @Nullable Object[] values;
    private final List<String> names;
    private final List<Converter> converters = new ArrayList<>();

    Rows(MessageType schema) {
      values = new Object[schema.getFieldCount()];
      names = schema.getFields().stream().map(Type::getName).toList();
      for (int i = 0; i < values.length; i++) {
        int index = i;
        converters.add(ColumnReader.of(schema.getType(i), value -> values[index] = value));
      }
    }

    @Override
    public @Nullable Object[] getCurrentRecord() {
      return values;
    }

    @Override
    public GroupConverter getRootConverter() {
      return new GroupConverter() {
        @Override
        public Converter getConverter(int field) {
          return converters.get(field);
        }

        @Override
        public void start() {
          Arrays.fill(values, null);
        }

        @Override
        public void end() {}
      };
    }
  }
}
