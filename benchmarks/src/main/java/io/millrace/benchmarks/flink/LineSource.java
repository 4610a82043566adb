package io.millrace.benchmarks.flink;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.stream.LongStream;
import org.apache.flink.api.connector.source.Boundedness;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.core.io.SimpleVersionedSerializer;

/**
 * Reads a file's lines on the task's own thread, in ranges of 64 MB: no thread beside it, no queue,
 * no object for a line.
 */
final class LineSource implements Source<Line, LineRange, Deque<LineRange>>, Serializable {
  private static final long serialVersionUID = 1L;
  private static final long RANGE_BYTES = 64L << 20;

  private final String file;

  LineSource(String file) {
    this.file = file;
  }

  @Override
  public Boundedness getBoundedness() {
    return Boundedness.BOUNDED;
  }

  @Override
  public SplitEnumerator<LineRange, Deque<LineRange>> createEnumerator(
      SplitEnumeratorContext<LineRange> context) {
    long size = new File(file).length();
    Deque<LineRange> ranges = new ArrayDeque<>();
    LongStream.iterate(0, start -> start < size, start -> start + RANGE_BYTES)
        .mapToObj(
            start -> new LineRange(file, start, Math.min(start + RANGE_BYTES, size), start > 0))
        .forEach(ranges::add);
    return new Enumerator(context, ranges);
  }

  @Override
  public SplitEnumerator<LineRange, Deque<LineRange>> restoreEnumerator(
      SplitEnumeratorContext<LineRange> context, Deque<LineRange> ranges) {
    return new Enumerator(context, ranges);
  }

  @Override
  public SourceReader<Line, LineRange> createReader(SourceReaderContext context) {
    return new LineSourceReader(context);
  }

  @Override
  public SimpleVersionedSerializer<LineRange> getSplitSerializer() {
    return new LineRange.Serializer();
  }

  @Override
  public SimpleVersionedSerializer<Deque<LineRange>> getEnumeratorCheckpointSerializer() {
    return new RangesSerializer();
  }

  /** Hands out the ranges one by one. */
  private static final class Enumerator implements SplitEnumerator<LineRange, Deque<LineRange>> {
    private final SplitEnumeratorContext<LineRange> context;
    private final Deque<LineRange> ranges;

    Enumerator(SplitEnumeratorContext<LineRange> context, Deque<LineRange> ranges) {
      this.context = context;
      this.ranges = ranges;
    }

    @Override
    public void start() {}

    @Override
    public void handleSplitRequest(int subtask, String host) {
      LineRange range = ranges.poll();
      if (range == null) {
        context.signalNoMoreSplits(subtask);
      } else {
        context.assignSplit(range, subtask);
      }
    }

    @Override
    public void addSplitsBack(List<LineRange> splits, int subtask) {
      splits.forEach(ranges::addFirst);
    }

    @Override
    public void addReader(int subtask) {}

    @Override
    public Deque<LineRange> snapshotState(long checkpoint) {
      return new ArrayDeque<>(ranges);
    }

    @Override
    public void close() {}
  }

  private static final class RangesSerializer
      implements SimpleVersionedSerializer<Deque<LineRange>> {
    private final LineRange.Serializer one = new LineRange.Serializer();

    @Override
    public int getVersion() {
      return one.getVersion();
    }

    @Override
    public byte[] serialize(Deque<LineRange> ranges) throws IOException {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      try (DataOutputStream out = new DataOutputStream(bytes)) {
        out.writeInt(ranges.size());
        for (LineRange range : ranges) {
          byte[] written = one.serialize(range);
          out.writeInt(written.length);
          out.write(written);
        }
      }
      return bytes.toByteArray();
    }

    @Override
    public Deque<LineRange> deserialize(int version, byte[] bytes) throws IOException {
      Deque<LineRange> ranges = new ArrayDeque<>();
      try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
        for (int left = in.readInt(); left > 0; left--) {
          ranges.add(one.deserialize(version, in.readNBytes(in.readInt())));
        }
      }
      return ranges;
    }
  }
}
