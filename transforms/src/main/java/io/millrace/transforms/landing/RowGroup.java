package io.millrace.transforms.landing;

import io.millrace.schemas.RecordHeader;
import io.millrace.schemas.TimestampKind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.column.impl.ColumnReaderImpl;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.io.api.PrimitiveConverter;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Walks over the rows of one row group by the readers of its columns, so that nothing is made of a
 * row but what its record needs. Each row is taken or skipped, whole.
 */
final class RowGroup {
  /** Parquet asks for one, though values are taken from the column directly. */
  private static final PrimitiveConverter NO_CONVERTER = new PrimitiveConverter() {};

  private final FlatColumn offsets;
  private final FlatColumn timestamps;
  private final FlatColumn kinds;
  private final FlatColumn keys;
  private final FlatColumn values;
  private final @Nullable ColumnReader headerKeys;
  private final @Nullable ColumnReader headerValues;
  private long left;

  /** Stands before the first row. */
  RowGroup(PageReadStore pages, boolean headers) throws IOException {
    left = pages.getRowCount();
    offsets = flat(pages, RecordColumns.OFFSET);
    timestamps = flat(pages, RecordColumns.TIMESTAMP);
    kinds = flat(pages, RecordColumns.TIMESTAMP_TYPE);
    keys = flat(pages, RecordColumns.KEY);
    values = flat(pages, RecordColumns.VALUE);
    headerKeys = headers ? nested(pages, RecordColumns.HEADER_KEY) : null;
    headerValues = headers ? nested(pages, RecordColumns.HEADER_VALUE) : null;
  }

  private static FlatColumn flat(PageReadStore pages, String name) throws IOException {
    ColumnDescriptor column = RecordColumns.SCHEMA.getColumnDescription(new String[] {name});
    return new FlatColumn(column, pages.getPageReader(column));
  }

  private static ColumnReader nested(PageReadStore pages, String... path) {
    ColumnDescriptor column = RecordColumns.SCHEMA.getColumnDescription(path);
    return new ColumnReaderImpl(column, pages.getPageReader(column), NO_CONVERTER, null);
  }

  /** Whether there is a row. */
  boolean hasRow() {
    return left > 0;
  }

  /** The row's offset; it is to be asked for once, before the others. */
  long offset() throws IOException {
    left--;
    offsets.next();
    return offsets.takeLong();
  }

  /** Passes over the row whose offset was asked for. */
  void skip() throws IOException {
    timestamp(0);
    kind();
    key();
    value();
    headers();
  }

  /** The timestamp, or another where the row has none. */
  long timestamp(long otherwise) throws IOException {
    return timestamps.next() ? timestamps.takeLong() : otherwise;
  }

  TimestampKind kind() throws IOException {
    if (!kinds.next()) {
      return TimestampKind.NONE;
    }
    // The two names differ in length.
    return kinds.takeBytes().remaining() == RecordColumns.CREATE.length()
        ? TimestampKind.CREATE
        : TimestampKind.LOG_APPEND;
  }

  /** The key, backed by an array; good until the next row. */
  @Nullable ByteBuffer key() throws IOException {
    return keys.next() ? keys.takeBytes() : null;
  }

  /** The value, backed by an array; good until the next row. */
  @Nullable ByteBuffer value() throws IOException {
    return values.next() ? values.takeBytes() : null;
  }

  /** The headers; none if they are not read. */
  List<RecordHeader> headers() {
    if (headerKeys == null || headerValues == null) {
      return List.of();
    }
    if (!isThere(headerKeys)) {
      headerKeys.consume();
      headerValues.consume();
      return List.of();
    }
    List<RecordHeader> headers = new ArrayList<>();
    do {
      String key = headerKeys.getBinary().toStringUsingUTF8();
      byte[] value = isThere(headerValues) ? headerValues.getBinary().getBytes() : null;
      headers.add(RecordHeader.of(key, value));
      headerKeys.consume();
      headerValues.consume();
    } while (headerKeys.getCurrentRepetitionLevel() > 0);
    return headers;
  }

  private static boolean isThere(ColumnReader column) {
    return column.getCurrentDefinitionLevel() == column.getDescriptor().getMaxDefinitionLevel();
  }
}
