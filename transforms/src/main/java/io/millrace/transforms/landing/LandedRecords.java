package io.millrace.transforms.landing;

import io.millrace.schemas.RecordBlock;
import io.millrace.transforms.store.FileStore;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.io.InputFile;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Reads the records of a landed file in blocks of some 128 KB, as they were read from the topic:
 * key, value, offset, timestamp and who set it, and headers if they are asked for.
 *
 * <p>Order: by offset. The blocks' ranges touch, and make up the file's range from the offset on
 * that reading begins at. A record without a timestamp is stamped with the time of reading. It
 * holds one row group, of some 16 MB, and notices pages that are damaged, rows that are not in
 * order, and rows that are missing.
 *
 * <pre>{@code
 * try (LandedRecords records = LandedRecords.open("landing", file, file.from(), true)) {
 *   for (RecordBlock block = records.next(); block != null; block = records.next()) { … }
 * }
 * }</pre>
 */
public final class LandedRecords implements AutoCloseable {
  private static final int BLOCK_BYTES = 128 << 10;

  private final String name;
  private final LandedFile file;
  private final boolean headers;
  private final ParquetFileReader parquet;
  private final RecordBlock.Writer writer = new RecordBlock.Writer(BLOCK_BYTES + (8 << 10));
  private final long now = System.currentTimeMillis();
  private @Nullable RowGroup rows;
  private long rowsSeen;

  /** Offsets before it are in blocks, or were not asked for. */
  private long position;

  /** The offset behind that of the row before. */
  private long behind;

  private LandedRecords(
      String name, LandedFile file, long from, boolean headers, ParquetFileReader parquet) {
    this.name = name;
    this.file = file;
    this.headers = headers;
    this.parquet = parquet;
    this.position = Math.max(from, file.from());
    this.behind = file.from();
    skipRowGroups();
  }

  /**
   * Opens a file.
   *
   * @param directory the landing's
   * @param from the offset that reading begins at
   * @param headers whether headers are read
   * @throws LandingException if the file is missing, or not as it was written
   */
  public static LandedRecords open(String directory, LandedFile file, long from, boolean headers) {
    return open(FileStore.at(directory), file, from, headers);
  }

  static LandedRecords open(FileStore store, LandedFile file, long from, boolean headers) {
    String name = store.locate(file.path());
    InputFile input = store.open(file.path());
    try {
      if (input.getLength() != file.bytes()) {
        throw new LandingException(
            fault(name, "has " + input.getLength() + " bytes instead of " + file.bytes()));
      }
      ParquetFileReader parquet =
          ParquetFileReader.open(
              input,
              ParquetReadOptions.builder(new PlainParquetConfiguration())
                  .usePageChecksumVerification(true)
                  .build());
      parquet.setRequestedSchema(RecordColumns.read(headers));
      return new LandedRecords(name, file, from, headers, parquet);
    } catch (LandingException e) {
      throw e;
    } catch (FileNotFoundException | NoSuchFileException e) {
      throw new LandingException(fault(name, "is missing"), e);
    } catch (IOException | RuntimeException e) {
      throw new LandingException(fault(name, "cannot be read (" + e + ")"), e);
    }
  }

  /**
   * The next block; null after the last. A block may have no record.
   *
   * @throws LandingException if the file is not as it was written
   */
  public @Nullable RecordBlock next() {
    try {
      while (writer.length() < BLOCK_BYTES && hasRow()) {
        add(rows);
      }
    } catch (LandingException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      throw damaged("cannot be read (" + e + ")", e);
    }
    long from = position;
    position = writer.length() < BLOCK_BYTES ? Math.max(file.to(), from) : behind;
    return from == position
        ? null
        : RecordBlock.of(file.topic(), file.partition(), from, position, writer.take());
  }

  private void add(RowGroup row) throws IOException {
    long offset = row.offset();
    if (offset < behind || offset >= file.to()) {
      throw damaged(
          "has the offset "
              + offset
              + " where one from "
              + behind
              + " to "
              + file.to()
              + " has to be",
          null);
    }
    behind = offset + 1;
    rowsSeen++;
    if (offset < position) {
      row.skip();
    } else {
      long timestamp = row.timestamp(now);
      writer.add(offset, timestamp, row.kind(), row.key(), row.value(), row.headers());
    }
  }

  /** Moves to a row group that has a row left. */
  private boolean hasRow() throws IOException {
    while (rows == null || !rows.hasRow()) {
      PageReadStore pages = parquet.readNextRowGroup();
      if (pages == null) {
        if (rowsSeen != file.records()) {
          throw damaged("has " + rowsSeen + " records instead of " + file.records(), null);
        }
        return false;
      }
      rows = new RowGroup(pages, headers);
    }
    return true;
  }

  /** Passes over row groups that lie before what is read. */
  private void skipRowGroups() {
    for (BlockMetaData group : parquet.getRowGroups()) {
      if (lastOffset(group) >= position) {
        return;
      }
      parquet.skipNextRowGroup();
      rowsSeen += group.getRowCount();
    }
  }

  private static long lastOffset(BlockMetaData group) {
    for (ColumnChunkMetaData column : group.getColumns()) {
      if (column.getPath().toDotString().equals(RecordColumns.OFFSET)
          && column.getStatistics().hasNonNullValue()) {
        return ((Number) column.getStatistics().genericGetMax()).longValue();
      }
    }
    return Long.MAX_VALUE;
  }

  private LandingException damaged(String problem, @Nullable Exception cause) {
    return new LandingException(fault(name, problem), cause);
  }

  private static String fault(String name, String problem) {
    return name + " of the landing " + problem + "; bring it back from a copy";
  }

  @Override
  public void close() {
    try {
      parquet.close();
    } catch (IOException e) {
      throw damaged("cannot be closed (" + e + ")", e);
    }
  }
}
