package io.millrace.transforms.lake;

import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SeekableByteChannel;
import org.apache.parquet.io.DelegatingSeekableInputStream;
import org.apache.parquet.io.InputFile;
import org.apache.parquet.io.SeekableInputStream;

/** A file of Beam's file systems, as Parquet reads it: from its end, and here and there. */
record ChannelInputFile(Opening opening, long length) implements InputFile {

  /** Opens the file at its beginning. */
  interface Opening {
    ReadableByteChannel open() throws IOException;
  }

  @Override
  public long getLength() {
    return length;
  }

  @Override
  public SeekableInputStream newStream() throws IOException {
    ReadableByteChannel bytes = opening.open();
    if (!(bytes instanceof SeekableByteChannel channel)) {
      bytes.close();
      throw new IOException("Parquet cannot be read from a file system that reads only forwards");
    }
    return new DelegatingSeekableInputStream(Channels.newInputStream(channel)) {
      @Override
      public long getPos() throws IOException {
        return channel.position();
      }

      @Override
      public void seek(long position) throws IOException {
        channel.position(position);
      }
    };
  }
}
