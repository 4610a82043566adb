package io.millrace.benchmarks.flink;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.flink.api.connector.source.ReaderOutput;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.core.io.InputStatus;

/** Reads ranges of lines; a buffer's worth of lines each time it is asked. */
final class LineSourceReader implements SourceReader<Line, LineRange> {
  private static final int BUFFER_BYTES = 256 << 10;

  private final SourceReaderContext context;
  private final Deque<LineRange> ranges = new ArrayDeque<>();
  private final Line line = new Line();
  private CompletableFuture<Void> available = new CompletableFuture<>();
  private boolean noMore;
  private LineRange current;
  private RandomAccessFile file;
  private byte[] buffer = new byte[BUFFER_BYTES];
  private int start;
  private int end;

  /** The offset in the file of the byte at start. */
  private long position;

  private boolean skipFirst;

  LineSourceReader(SourceReaderContext context) {
    this.context = context;
  }

  @Override
  public void start() {
    context.sendSplitRequest();
  }

  @Override
  public InputStatus pollNext(ReaderOutput<Line> output) throws IOException {
    if (current == null) {
      LineRange next = ranges.poll();
      if (next == null) {
        return noMore ? InputStatus.END_OF_INPUT : InputStatus.NOTHING_AVAILABLE;
      }
      open(next);
    }
    boolean filled = fill();
    emit(output);
    if (position < current.end() && filled) {
      return InputStatus.MORE_AVAILABLE;
    }
    if (end > start && position < current.end()) {
      emit(output, end - start);
    }
    file.close();
    current = null;
    context.sendSplitRequest();
    return ranges.isEmpty() ? InputStatus.NOTHING_AVAILABLE : InputStatus.MORE_AVAILABLE;
  }

  private void open(LineRange range) throws IOException {
    current = range;
    file = new RandomAccessFile(range.file(), "r");
    position = range.inLine() ? range.start() - 1 : range.start();
    file.seek(position);
    skipFirst = range.inLine();
    start = 0;
    end = 0;
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
  private void emit(ReaderOutput<Line> output) {
    int from = start;
    for (int i = start; i < end && position < current.end(); i++) {
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
  public List<LineRange> snapshotState(long checkpoint) {
    List<LineRange> left = new ArrayList<>(ranges);
    if (current != null) {
      boolean untouched = skipFirst;
      left.add(
          0,
          new LineRange(
              current.file(), untouched ? current.start() : position, current.end(), untouched));
    }
    return left;
  }

  @Override
  public CompletableFuture<Void> isAvailable() {
    if (!ranges.isEmpty() || noMore || current != null) {
      return CompletableFuture.completedFuture(null);
    }
    if (available.isDone()) {
      available = new CompletableFuture<>();
    }
    return available;
  }

  @Override
  public void addSplits(List<LineRange> splits) {
    ranges.addAll(splits);
    available.complete(null);
  }

  @Override
  public void notifyNoMoreSplits() {
    noMore = true;
    available.complete(null);
  }

  @Override
  public void close() throws IOException {
    if (current != null) {
      file.close();
    }
  }
}
