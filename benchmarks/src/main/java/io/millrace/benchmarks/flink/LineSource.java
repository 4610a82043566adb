package io.millrace.benchmarks.flink;

import java.io.File;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.stream.LongStream;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.api.connector.source.SourceReaderContext;

/** Reads a file's lines in ranges of 64 MB, with no object for a line. */
final class LineSource extends RangeSource<Line> {
  private static final long serialVersionUID = 1L;
  private static final long RANGE_BYTES = 64L << 20;

  private final String file;

  LineSource(String file) {
    this.file = file;
  }

  @Override
  Deque<FileRange> ranges() {
    long size = new File(file).length();
    Deque<FileRange> ranges = new ArrayDeque<>();
    LongStream.iterate(0, start -> start < size, start -> start + RANGE_BYTES)
        .mapToObj(
            start -> new FileRange(file, start, Math.min(start + RANGE_BYTES, size), start > 0))
        .forEach(ranges::add);
    return ranges;
  }

  @Override
  public SourceReader<Line, FileRange> createReader(SourceReaderContext context) {
    return new LineSourceReader(context);
  }
}
