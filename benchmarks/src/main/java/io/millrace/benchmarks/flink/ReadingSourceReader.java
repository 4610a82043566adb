package io.millrace.benchmarks.flink;

import io.millrace.benchmarks.readings.ReadingsFiles;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import org.apache.flink.api.connector.source.ReaderOutput;
import org.apache.flink.api.connector.source.SourceReaderContext;

/** Reads files of readings; a block each time it is asked. */
final class ReadingSourceReader<T> extends RangeReader<T> {
  private final ReadingDecoder<T> decoder;
  private final ByteBuffer block =
      ByteBuffer.allocate(ReadingsFiles.BLOCK_READINGS * ReadingsFiles.READING_BYTES);
  private RandomAccessFile file;
  private long position;

  ReadingSourceReader(SourceReaderContext context, ReadingDecoder<T> decoder) {
    super(context);
    this.decoder = decoder;
  }

  @Override
  void open(FileRange range) throws IOException {
    file = new RandomAccessFile(range.file(), "r");
    position = range.start();
    file.seek(position);
  }

  @Override
  boolean read(FileRange range, ReaderOutput<T> output) throws IOException {
    int bytes = (int) Math.min(block.capacity(), range.end() - position);
    file.readFully(block.array(), 0, bytes);
    for (int at = 0; at < bytes; at += ReadingsFiles.READING_BYTES) {
      long time = block.getLong(at + 4);
      output.collect(decoder.decode(block.getInt(at), time, block.getLong(at + 12)), time);
    }
    position += bytes;
    return position < range.end();
  }

  @Override
  FileRange rest(FileRange range) {
    return new FileRange(range.file(), position, range.end(), false);
  }

  @Override
  void closeFile() throws IOException {
    file.close();
  }
}
