package io.millrace.transforms.lookup;

import java.io.Serializable;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.io.UnboundedSource;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.joda.time.Instant;

/**
 * Numbers without end from two readers, as fast as they are taken, until the test of that name has
 * seen enough.
 */
final class Questions extends UnboundedSource<Integer, Questions.Mark> {
  private static final long serialVersionUID = 1L;
  private static final Map<String, CountDownLatch> ENOUGH = new ConcurrentHashMap<>();

  private final String name;

  Questions(String name) {
    this.name = name;
    ENOUGH.put(name, new CountDownLatch(1));
  }

  static CountDownLatch enough(String name) {
    return ENOUGH.get(name);
  }

  record Mark(int next) implements CheckpointMark, Serializable {
    private static final long serialVersionUID = 1L;

    @Override
    public void finalizeCheckpoint() {}
  }

  @Override
  public List<Questions> split(int desired, PipelineOptions options) {
    return List.of(this, this);
  }

  @Override
  public UnboundedReader<Integer> createReader(PipelineOptions options, @Nullable Mark mark) {
    return new Reader(mark == null ? 0 : mark.next());
  }

  @Override
  public Coder<Mark> getCheckpointMarkCoder() {
    return SerializableCoder.of(Mark.class);
  }

  @Override
  public Coder<Integer> getOutputCoder() {
    return VarIntCoder.of();
  }

  private final class Reader extends UnboundedReader<Integer> {
    private int next;

    private Reader(int next) {
      this.next = next;
    }

    private boolean isOver() {
      return enough(name).getCount() == 0;
    }

    @Override
    public boolean start() {
      return advance();
    }

    @Override
    public boolean advance() {
      if (isOver()) {
        return false;
      }
      next++;
      return true;
    }

    @Override
    public Integer getCurrent() {
      return next - 1;
    }

    @Override
    public Instant getCurrentTimestamp() {
      return Instant.ofEpochMilli(next);
    }

    @Override
    public Instant getWatermark() {
      return isOver() ? BoundedWindow.TIMESTAMP_MAX_VALUE : Instant.ofEpochMilli(next);
    }

    @Override
    public Mark getCheckpointMark() {
      return new Mark(next);
    }

    @Override
    public Questions getCurrentSource() {
      return Questions.this;
    }

    @Override
    public void close() {}
  }
}
