package io.millrace.benchmarks.flink;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.util.Arrays;
import org.apache.flink.api.connector.source.ReaderOutput;
import org.apache.flink.api.connector.source.SourceReaderContext;

/** Reads ranges of lines; a buffer's worth of lines each time it is asked. */
final class LineSourceReader extends RangeReader<Line> {
  private static final int BUFFER_BYTES = 256 << 10;

  private final Line line = new Line();
  private RandomAccessFile file;
  private byte[] buffer = new byte[BUFFER_BYTES];
  private int start;
  private int end;

  /** The offset in the file of the byte at start. */
  private long position;

  private boolean skipFirst;

  LineSourceReader(SourceReaderContext context) {
    super(context);
  }

  @Override
  void open(FileRange range) throws IOException {
    file = new RandomAccessFile(range.file(), "r");
    position = range.inRecord() ? range.start() - 1 : range.start();
    file.seek(position);
    skipFirst = range.inRecord();
    start = 0;
    end = 0;
  }

  @Override
  boolean read(FileRange range, ReaderOutput<Line> output) throws IOException {
    boolean filled = fill();
    emit(range, output);
    if (position < range.end() && filled) {
      return true;
    }
    if (end > start && position < range.end()) {
      emit(output, end - start);
    }
    return false;
  }

  /** Takes in more bytes; false at the end of the file. */
  private boolean fill() throws IOException {
    System.arraycopy(buffer, start, buffer, 0, end - start);
    end -= start;
    start = 0;
    if (end == buffer.length) {
      buffer = Arrays.copyOf(buffer, buffer.length * 2);
    }
    int count = file.read(buffer, end, buffer.length - end);
    end += Math.max(count, 0);
    return count >= 0;
  }

  /** Emits the whole lines in the buffer that begin in the range. */
  private void emit(FileRange range, ReaderOutput<Line> output) {
    int from = start;
    for (int i = start; i < end && position < range.end(); i++) {
      if (buffer[i] == '\n') {
        emit(output, i - from);
        from = i + 1;
        start = from;
      }
    }
  }

  private void emit(ReaderOutput<Line> output, int length) {
    if (skipFirst) {
      skipFirst = false;
    } else if (length > 0) {
      line.buffer = buffer;
      line.start = start;
      line.length = length;
      output.collect(line);
    }
    position += length + 1L;
  }

  @Override
  FileRange rest(FileRange range) {
    return new FileRange(
        range.file(), skipFirst ? range.start() : position, range.end(), skipFirst);
  }

  @Override
  void closeFile() throws IOException {
    file.close();
  }
}
