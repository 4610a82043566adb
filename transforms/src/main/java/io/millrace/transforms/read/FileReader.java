package io.millrace.transforms.read;

import io.millrace.schemas.RecordBlock;
import io.millrace.transforms.quality.RunCounter;
import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.beam.sdk.io.BoundedSource.BoundedReader;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Reads ranges of files one after the other. */
final class FileReader extends BoundedReader<RecordBlock> {
  private final FileSource source;
  private final FileSource.Settings settings;
  private final Iterator<FileRange> ranges;
  private final RunCounter recordsRead = RunCounter.named("records_read");
  private @Nullable LineReader lines;
  private @Nullable RecordBlock current;

  FileReader(FileSource source, List<FileRange> ranges, FileSource.Settings settings) {
    this.source = source;
    this.settings = settings;
    this.ranges = ranges.iterator();
  }

  @Override
  public boolean start() throws IOException {
    return advance();
  }

  @Override
  public boolean advance() throws IOException {
    while (lines != null || ranges.hasNext()) {
      if (lines == null) {
        lines = new LineReader(ranges.next(), settings);
      }
      current = lines.nextBlock();
      if (current != null) {
        recordsRead.add(lines.blockCount());
        return true;
      }
      lines.close();
      lines = null;
    }
    current = null;
    return false;
  }

  @Override
  public RecordBlock getCurrent() {
    if (current == null) {
      throw new NoSuchElementException();
    }
    return current;
  }

  @Override
  public FileSource getCurrentSource() {
    return source;
  }

  @Override
  public void close() throws IOException {
    if (lines != null) {
      lines.close();
      lines = null;
    }
  }
}
