package io.millrace.transforms.landing;

import io.millrace.schemas.RecordHeader;
import io.millrace.schemas.TimestampKind;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.column.impl.ColumnReaderImpl;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.PrimitiveConverter;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Walks over the rows of one row group by the readers of its columns, so that nothing is made of a
 * row but what its record needs. Each row is taken or skipped, whole.
 */
final class RowGroup {
  /** Parquet asks for one, though values are taken from the column directly. */
  private static final PrimitiveConverter NO_CONVERTER = new PrimitiveConverter() {};

  private final ColumnReader offsets;
  private final ColumnReader timestamps;
  private final ColumnReader kinds;
  private final ColumnReader keys;
  private final ColumnReader values;
  private final @Nullable ColumnReader headerKeys;
  private final @Nullable ColumnReader headerValues;
  private long left;

  /** Stands before the first row. */
  RowGroup(PageReadStore pages, boolean headers) {
    left = pages.getRowCount();
    offsets = column(pages, RecordColumns.OFFSET);
    timestamps = column(pages, RecordColumns.TIMESTAMP);
    kinds = column(pages, RecordColumns.TIMESTAMP_TYPE);
    keys = column(pages, RecordColumns.KEY);
    values = column(pages, RecordColumns.VALUE);
    headerKeys = headers ? column(pages, RecordColumns.HEADER_KEY) : null;
    headerValues = headers ? column(pages, RecordColumns.HEADER_VALUE) : null;
  }

  private static ColumnReader column(PageReadStore pages, String... path) {
    ColumnDescriptor column = RecordColumns.SCHEMA.getColumnDescription(path);
    return new ColumnReaderImpl(column, pages.getPageReader(column), NO_CONVERTER, null);
  }

  /** Whether there is a row. */
  boolean hasRow() {
    return left > 0;
  }

  /** The row's offset; it is to be asked for once, before the others. */
  long offset() {
    long offset = offsets.getLong();
    offsets.consume();
    left--;
    return offset;
  }

  /** Passes over the row whose offset was asked for. */
  void skip() {
    skip(timestamps);
    skip(kinds);
    skip(keys);
    skip(values);
    if (headerKeys != null) {
      headers();
    }
  }

  private static void skip(ColumnReader column) {
    if (isThere(column)) {
      column.skip();
    }
    column.consume();
  }

  /** The timestamp, or another where the row has none. */
  long timestamp(long otherwise) {
    long timestamp = isThere(timestamps) ? timestamps.getLong() : otherwise;
    timestamps.consume();
    return timestamp;
  }

  TimestampKind kind() {
    TimestampKind kind = TimestampKind.NONE;
    if (isThere(kinds)) {
      // The two names differ in length.
      kind =
          kinds.getBinary().length() == RecordColumns.CREATE.length()
              ? TimestampKind.CREATE
              : TimestampKind.LOG_APPEND;
    }
    kinds.consume();
    return kind;
  }

  /** The key, backed by an array; good until the next row. */
  @Nullable ByteBuffer key() {
    return bytes(keys);
  }

  /** The value, backed by an array; good until the next row. */
  @Nullable ByteBuffer value() {
    return bytes(values);
  }

  private static @Nullable ByteBuffer bytes(ColumnReader column) {
    ByteBuffer bytes = null;
    if (isThere(column)) {
      Binary binary = column.getBinary();
      bytes = binary.toByteBuffer();
      if (!bytes.hasArray()) {
        bytes = ByteBuffer.wrap(binary.getBytes());
      }
    }
    column.consume();
    return bytes;
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
