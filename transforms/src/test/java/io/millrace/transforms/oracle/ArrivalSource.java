package io.millrace.transforms.oracle;

import java.io.Serializable;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.io.UnboundedSource;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.joda.time.Instant;

/** The numbers of blocks of {@link Arrivals}, each at the earliest time in it; two readers. */
final class ArrivalSource extends UnboundedSource<Integer, ArrivalSource.Mark> {
  private static final long serialVersionUID = 1L;
  private static final int READERS = 2;

  private final Arrivals<?> arrivals;
  private final long disorder;
  private final int first;
  private final int step;

  ArrivalSource(Arrivals<?> arrivals, long disorder) {
    this(arrivals, disorder, 0, 1);
  }

  private ArrivalSource(Arrivals<?> arrivals, long disorder, int first, int step) {
    this.arrivals = arrivals;
    this.disorder = disorder;
    this.first = first;
    this.step = step;
  }

  /**
   * How far a reader is.
   *
   * @param next the block to be read next
   * @param newest the newest time before it
   */
  record Mark(int next, long newest) implements CheckpointMark, Serializable {
    private static final long serialVersionUID = 1L;

    @Override
    public void finalizeCheckpoint() {}
  }

  @Override
  public List<ArrivalSource> split(int desired, PipelineOptions options) {
    return IntStream.range(0, READERS)
        .mapToObj(reader -> new ArrivalSource(arrivals, disorder, reader, READERS))
        .toList();
  }

  @Override
  public UnboundedReader<Integer> createReader(PipelineOptions options, @Nullable Mark mark) {
    return new Reader(mark == null ? new Mark(first, Long.MIN_VALUE) : mark);
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
    private long newest;
    private long earliest;

    private Reader(Mark mark) {
      next = mark.next();
      newest = mark.newest();
    }

    @Override
    public boolean start() {
      return advance();
    }

    @Override
    public boolean advance() {
      if (next >= arrivals.blocks()) {
        return false;
      }
      List<Long> times = arrivals.times(next);
      earliest = Collections.min(times);
      newest = Math.max(newest, Collections.max(times));
      next += step;
      return true;
    }

    @Override
    public Integer getCurrent() {
      return next - step;
    }

    @Override
    public Instant getCurrentTimestamp() {
      return Instant.ofEpochMilli(earliest);
    }

    @Override
    public Instant getWatermark() {
      if (next >= arrivals.blocks()) {
        return BoundedWindow.TIMESTAMP_MAX_VALUE;
      }
      return newest == Long.MIN_VALUE
          ? BoundedWindow.TIMESTAMP_MIN_VALUE
          : Instant.ofEpochMilli(newest - disorder);
    }

    @Override
    public Mark getCheckpointMark() {
      return new Mark(next, newest);
    }

    @Override
    public ArrivalSource getCurrentSource() {
      return ArrivalSource.this;
    }

    @Override
    public void close() {}
  }
}
