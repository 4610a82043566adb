package io.millrace.benchmarks.flink;

import java.io.File;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.api.connector.source.SourceReaderContext;

/** Reads files of readings, each from beginning to end by one reader. */
final class ReadingSource<T> extends RangeSource<T> {
  private static final long serialVersionUID = 1L;

  private final List<String> files;
  private final ReadingDecoder.Factory<T> decoders;

  ReadingSource(List<String> files, ReadingDecoder.Factory<T> decoders) {
    this.files = files;
    this.decoders = decoders;
  }

  @Override
  Deque<FileRange> ranges() {
    Deque<FileRange> ranges = new ArrayDeque<>();
    files.forEach(file -> ranges.add(new FileRange(file, 0, new File(file).length(), false)));
    return ranges;
  }

  @Override
  boolean isOneForEachReader() {
    return true;
  }

  @Override
  public SourceReader<T, FileRange> createReader(SourceReaderContext context) {
    return new ReadingSourceReader<>(context, decoders.create());
  }
}
