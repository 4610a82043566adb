package io.millrace.transforms.lake;

import io.millrace.transforms.store.FileStore;
import io.millrace.transforms.store.NewFile;
import java.io.Closeable;
import java.io.IOException;
import java.util.Map;
import org.apache.parquet.conf.ParquetConfiguration;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.api.RecordConsumer;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Writes rows to one Parquet file. */
final class ChangeFileWriter implements Closeable {
  private final NewFile target;
  private final ParquetWriter<@Nullable Object[]> writer;

  /** Begins a file of rows of these columns. */
  ChangeFileWriter(FileStore store, String path, LakeColumns columns) throws IOException {
    target = new NewFile(path, () -> store.create(path));
    PlainParquetConfiguration configuration = new PlainParquetConfiguration();
    configuration.set("parquet.compression.codec.zstd.level", "1");
    writer =
        new Builder(target, columns)
            .withConf(configuration)
            .withWriteMode(ParquetFileWriter.Mode.CREATE)
            .withCompressionCodec(CompressionCodecName.ZSTD)
            .build();
  }

  /** Writes a row: its values as {@link ColumnWriter#fit} made them. */
  void write(@Nullable Object[] row) throws IOException {
    writer.write(row);
  }

  /** Completes the file. */
  @Override
  public void close() throws IOException {
    writer.close();
  }

  /** How many bytes were written; once closed, the file's length. */
  long bytes() {
    return target.bytes();
  }

  private static final class Builder extends ParquetWriter.Builder<@Nullable Object[], Builder> {
    private final LakeColumns columns;

    Builder(OutputFile file, LakeColumns columns) {
      super(file);
      this.columns = columns;
    }

    @Override
    protected Builder self() {
      return this;
    }

    @Override
    @SuppressWarnings("deprecation")
    protected WriteSupport<@Nullable Object[]> getWriteSupport(
        org.apache.hadoop.conf.Configuration configuration) {
      return new RowSupport(columns);
    }

    @Override
    protected WriteSupport<@Nullable Object[]> getWriteSupport(ParquetConfiguration configuration) {
      return new RowSupport(columns);
    }
  }

  /** Hands a row's values to Parquet. */
  private static final class RowSupport extends WriteSupport<@Nullable Object[]> {
    private final LakeColumns columns;
    private RecordConsumer out;

    RowSupport(LakeColumns columns) {
      this.columns = columns;
    }

    @Override
    @SuppressWarnings("deprecation")
    public WriteContext init(org.apache.hadoop.conf.Configuration configuration) {
      return new WriteContext(columns.schema(), Map.of());
    }

    @Override
    public WriteContext init(ParquetConfiguration configuration) {
      return new WriteContext(columns.schema(), Map.of());
    }

    @Override
    public void prepareForWrite(RecordConsumer recordConsumer) {
      out = recordConsumer;
    }

    @Override
    public void write(@Nullable Object[] row) {
      out.startMessage();
      for (int i = 0; i < row.length; i++) {
        if (row[i] != null) {
          out.startField(columns.name(i), i);
          columns.writer(i).write().accept(out, row[i]);
          out.endField(columns.name(i), i);
        }
      }
      out.endMessage();
    }
  }
}
