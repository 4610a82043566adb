package io.millrace.benchmarks.flink;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.flink.api.connector.source.Boundedness;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.core.io.SimpleVersionedSerializer;

/** Reads ranges of files on the task's own thread: no thread beside it, no queue. */
abstract class RangeSource<T> implements Source<T, FileRange, Deque<FileRange>>, Serializable {
  private static final long serialVersionUID = 1L;

  /** All that is to be read, in the order it is handed out in. */
  abstract Deque<FileRange> ranges();

  /** Whether a reader gets no second range: one whose times are over by then. */
  boolean isOneForEachReader() {
    return false;
  }

  @Override
  public Boundedness getBoundedness() {
    return Boundedness.BOUNDED;
  }

  @Override
  public SplitEnumerator<FileRange, Deque<FileRange>> createEnumerator(
      SplitEnumeratorContext<FileRange> context) {
    return new Enumerator(context, ranges(), isOneForEachReader());
  }

  @Override
  public SplitEnumerator<FileRange, Deque<FileRange>> restoreEnumerator(
      SplitEnumeratorContext<FileRange> context, Deque<FileRange> ranges) {
    return new Enumerator(context, ranges, isOneForEachReader());
  }

  @Override
  public SimpleVersionedSerializer<FileRange> getSplitSerializer() {
    return new FileRange.Serializer();
  }

  @Override
  public SimpleVersionedSerializer<Deque<FileRange>> getEnumeratorCheckpointSerializer() {
    return new RangesSerializer();
  }

  /** Hands out the ranges one by one. */
  private static final class Enumerator implements SplitEnumerator<FileRange, Deque<FileRange>> {
    private final SplitEnumeratorContext<FileRange> context;
    private final Deque<FileRange> ranges;
    private final boolean oneForEachReader;
    private final Set<Integer> served = new HashSet<>();

    Enumerator(
        SplitEnumeratorContext<FileRange> context,
        Deque<FileRange> ranges,
        boolean oneForEachReader) {
      this.context = context;
      this.ranges = ranges;
      this.oneForEachReader = oneForEachReader;
    }

    @Override
    public void start() {}

    @Override
    public void handleSplitRequest(int subtask, String host) {
      boolean mayHave = served.add(subtask) || !oneForEachReader;
      FileRange range = mayHave ? ranges.poll() : null;
      if (range == null) {
        context.signalNoMoreSplits(subtask);
      } else {
        context.assignSplit(range, subtask);
      }
    }

    @Override
    public void addSplitsBack(List<FileRange> splits, int subtask) {
      splits.forEach(ranges::addFirst);
    }

    @Override
    public void addReader(int subtask) {}

    @Override
    public Deque<FileRange> snapshotState(long checkpoint) {
      return new ArrayDeque<>(ranges);
    }

    @Override
    public void close() {}
  }

  private static final class RangesSerializer
      implements SimpleVersionedSerializer<Deque<FileRange>> {
    private final FileRange.Serializer one = new FileRange.Serializer();

    @Override
    public int getVersion() {
      return one.getVersion();
    }

    @Override
    public byte[] serialize(Deque<FileRange> ranges) throws IOException {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      try (DataOutputStream out = new DataOutputStream(bytes)) {
        out.writeInt(ranges.size());
        for (FileRange range : ranges) {
          byte[] written = one.serialize(range);
          out.writeInt(written.length);
          out.write(written);
        }
      }
      return bytes.toByteArray();
    }

    @Override
    public Deque<FileRange> deserialize(int version, byte[] bytes) throws IOException {
      Deque<FileRange> ranges = new ArrayDeque<>();
      try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
        for (int left = in.readInt(); left > 0; left--) {
          ranges.add(one.deserialize(version, in.readNBytes(in.readInt())));
        }
      }
      return ranges;
    }
  }
}
