package io.millrace.transforms.store;

import java.io.IOException;
import java.io.OutputStream;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.PositionOutputStream;

/** A new file, as Parquet writes it. */
public final class NewFile implements OutputFile {

  /** Begins the file. */
  public interface Opening {
    OutputStream open() throws IOException;
  }

  private final String path;
  private final Opening opening;
  private long position;

  public NewFile(String path, Opening opening) {
    this.path = path;
    this.opening = opening;
  }

  /** How many bytes were written; once closed, the file's length. */
  public long bytes() {
    return position;
  }

  @Override
  public PositionOutputStream create(long blockSizeHint) throws IOException {
    OutputStream out = opening.open();
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
