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
  private @Nullable BlockReader records;
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
    while (records != null || ranges.hasNext()) {
      if (records == null) {
        records = BlockReader.of(ranges.next(), settings);
      }
      current = records.nextBlock();
      if (current != null) {
        recordsRead.add(records.blockCount());
        return true;
      }
      records.close();
      records = null;
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
    if (records != null) {
      records.close();
      records = null;
    }
  }
}
