package io.millrace.benchmarks.flink;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.flink.api.connector.source.ReaderOutput;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.core.io.InputStatus;

/** Reads range after range; a part of one each time it is asked. */
abstract class RangeReader<T> implements SourceReader<T, FileRange> {
  private final SourceReaderContext context;
  private final Deque<FileRange> ranges = new ArrayDeque<>();
  private CompletableFuture<Void> available = new CompletableFuture<>();
  private boolean noMore;
  private FileRange current;

  RangeReader(SourceReaderContext context) {
    this.context = context;
  }

  /** Goes to a range's beginning. */
  abstract void open(FileRange range) throws IOException;

  /** Hands on a part of a range; false when that was the last. */
  abstract boolean read(FileRange range, ReaderOutput<T> output) throws IOException;

  /** What is left of a range that is being read. */
  abstract FileRange rest(FileRange range);

  /** Closes the file that is being read. */
  abstract void closeFile() throws IOException;

  @Override
  public final void start() {
    context.sendSplitRequest();
  }

  @Override
  public final InputStatus pollNext(ReaderOutput<T> output) throws IOException {
    if (current == null) {
      FileRange next = ranges.poll();
      if (next == null) {
        return noMore ? InputStatus.END_OF_INPUT : InputStatus.NOTHING_AVAILABLE;
      }
      current = next;
      open(next);
    }
    if (read(current, output)) {
      return InputStatus.MORE_AVAILABLE;
    }
    closeFile();
    current = null;
    context.sendSplitRequest();
    return ranges.isEmpty() ? InputStatus.NOTHING_AVAILABLE : InputStatus.MORE_AVAILABLE;
  }

  @Override
  public final List<FileRange> snapshotState(long checkpoint) {
    List<FileRange> left = new ArrayList<>(ranges);
    if (current != null) {
      left.add(0, rest(current));
    }
    return left;
  }

  @Override
  public final CompletableFuture<Void> isAvailable() {
    if (!ranges.isEmpty() || noMore || current != null) {
      return CompletableFuture.completedFuture(null);
    }
    if (available.isDone()) {
      available = new CompletableFuture<>();
    }
    return available;
  }

  @Override
  public final void addSplits(List<FileRange> splits) {
    ranges.addAll(splits);
    available.complete(null);
  }

  @Override
  public final void notifyNoMoreSplits() {
    noMore = true;
    available.complete(null);
  }

  @Override
  public final void close() throws IOException {
    if (current != null) {
      closeFile();
    }
  }
}
