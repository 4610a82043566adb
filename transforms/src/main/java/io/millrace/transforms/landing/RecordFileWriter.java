package io.millrace.transforms.landing;

import io.millrace.schemas.RecordBlock;
import io.millrace.transforms.store.FileStore;
import io.millrace.transforms.store.NewFile;
import io.millrace.transforms.store.PathNames;
import java.io.Closeable;
import java.io.IOException;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.apache.parquet.conf.ParquetConfiguration;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.OutputFile;

/** Writes records of one partition, by offset, to one Parquet file. */
final class RecordFileWriter implements Closeable {
  /** What is held in memory before it is compressed and written. */
  private static final long ROW_GROUP_BYTES = 16L << 20;

  /** After so few, the size is looked at: records may be large. */
  private static final int FEW_ROWS = 10;

  private final FileStore store;
  private final String topic;
  private final int partition;
  private final long from;
  private final long to;
  private final String path;
  private final MessageDigest digest = PathNames.sha256();
  private final NewFile file;
  private final ParquetWriter<RecordBlock.Cursor> writer;
  private final RecordSupport support;

  /** Begins the file of a range of offsets. */
  RecordFileWriter(FileStore store, String topic, int partition, long from, long to)
      throws IOException {
    this.store = store;
    this.topic = topic;
    this.partition = partition;
    this.from = from;
    this.to = to;
    this.path = LandingPaths.file(topic, partition, from, to);
    file = new NewFile(path, () -> new DigestOutputStream(store.create(path), digest));
    support = new RecordSupport(topic, partition);
    PlainParquetConfiguration configuration = new PlainParquetConfiguration();
    configuration.set("parquet.compression.codec.zstd.level", "1");
    writer =
        new Builder(file, support)
            .withConf(configuration)
            .withWriteMode(ParquetFileWriter.Mode.CREATE)
            .withCompressionCodec(CompressionCodecName.ZSTD)
            .withRowGroupSize(ROW_GROUP_BYTES)
            .withMinRowCountForPageSizeCheck(FEW_ROWS)
            .withPageWriteChecksumEnabled(true)
            // No two are the same, or hardly.
            .withDictionaryEncoding(RecordColumns.OFFSET, false)
            .withDictionaryEncoding(RecordColumns.TIMESTAMP, false)
            .withDictionaryEncoding(RecordColumns.KEY, false)
            .withDictionaryEncoding(RecordColumns.VALUE, false)
            .withStatisticsEnabled(RecordColumns.KEY, false)
            .withStatisticsEnabled(RecordColumns.VALUE, false)
            .build();
  }

  /** Writes the record at a cursor. */
  void write(RecordBlock.Cursor record) throws IOException {
    writer.write(record);
  }

  /** Completes the file. */
  LandedFile finish() throws IOException {
    close();
    return new LandedFile(
        path,
        topic,
        partition,
        from,
        to,
        support.records(),
        file.bytes(),
        HexFormat.of().formatHex(digest.digest()),
        support.minTimestamp(),
        support.maxTimestamp());
  }

  /** Ends and deletes the file, because something else failed. */
  void abandon(Exception cause) {
    try {
      close();
    } catch (IOException | RuntimeException e) {
      cause.addSuppressed(e);
    }
    try {
      store.delete(path);
    } catch (IOException e) {
      cause.addSuppressed(e);
    }
  }

  @Override
  public void close() throws IOException {
    writer.close();
  }

  private static final class Builder extends ParquetWriter.Builder<RecordBlock.Cursor, Builder> {
    private final RecordSupport support;

    Builder(OutputFile file, RecordSupport support) {
      super(file);
      this.support = support;
    }

    @Override
    protected Builder self() {
      return this;
    }

    @Override
    @SuppressWarnings("deprecation")
    protected WriteSupport<RecordBlock.Cursor> getWriteSupport(
        org.apache.hadoop.conf.Configuration configuration) {
      return support;
    }

    @Override
    protected WriteSupport<RecordBlock.Cursor> getWriteSupport(ParquetConfiguration configuration) {
      return support;
    }
  }
}
