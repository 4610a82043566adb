package io.millrace.transforms.lake;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;
import org.apache.parquet.conf.ParquetConfiguration;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.PositionOutputStream;
import org.apache.parquet.io.api.RecordConsumer;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Writes rows to one Parquet file. */
final class ChangeFileWriter implements Closeable {
  private final Target target;
  private final ParquetWriter<@Nullable Object[]> writer;

  /** Begins a file of rows of these columns. */
  ChangeFileWriter(LakeStore store, String path, LakeColumns columns) throws IOException {
    target = new Target(store, path);
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
    return target.position;
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

  /** A new file of the lake, as Parquet writes it. */
  private static final class Target implements OutputFile {
    private final LakeStore store;
    private final String path;
    private long position;

    Target(LakeStore store, String path) {
      this.store = store;
      this.path = path;
    }

    @Override
    public PositionOutputStream create(long blockSizeHint) throws IOException {
      OutputStream out = store.create(path);
      return new PositionOutputStream() {
        @Override
        public long getPos() {
          return position;
        }

        @Override
        public void write(int next) throws IOException {
          out.write(next);
          position++;
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
          out.write(bytes, offset, length);
          position += length;
        }

        @Override
        public void flush() throws IOException {
          out.flush();
        }

        @Override
        public void close() throws IOException {
          out.close();
        }
      };
    }

    @Override
    public PositionOutputStream createOrOverwrite(long blockSizeHint) throws IOException {
      return create(blockSizeHint);
    }

    @Override
    public boolean supportsBlockSize() {
      return false;
    }

    @Override
    public long defaultBlockSize() {
      return 0;
    }

    @Override
    public String getPath() {
      return path;
    }
  }
}
