package io.millrace.transforms.lookup;

import java.io.Serializable;
import java.util.List;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.apache.beam.sdk.io.UnboundedSource;
import org.apache.beam.sdk.options.PipelineOptions;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.joda.time.Instant;

/**
 * Strikes at once, and then whenever an interval has passed by the clock; what it missed it does
 * not make up for. Each strike is its time in milliseconds since 1970.
 *
 * <p>It takes the place of Beam's PeriodicImpulse, which is a splittable DoFn: on Flink we have
 * seen the step that runs it take no part in a checkpoint, and all that waits for it stand still.
 */
final class ClockSource extends UnboundedSource<Long, ClockSource.Mark> {
  private static final long serialVersionUID = 1L;

  private final long intervalMillis;

  ClockSource(long intervalMillis) {
    this.intervalMillis = intervalMillis;
  }

  /**
   * How far a reader is.
   *
   * @param last strike, in milliseconds since 1970
   */
  record Mark(long last) implements CheckpointMark, Serializable {
    private static final long serialVersionUID = 1L;

    @Override
    public void finalizeCheckpoint() {}
  }

  @Override
  public List<ClockSource> split(int desired, PipelineOptions options) {
    return List.of(this);
  }

  @Override
  public UnboundedReader<Long> createReader(PipelineOptions options, @Nullable Mark mark) {
    return new Reader(mark == null ? 0 : mark.last());
  }

  @Override
  public Coder<Mark> getCheckpointMarkCoder() {
    return SerializableCoder.of(Mark.class);
  }

  @Override
  public Coder<Long> getOutputCoder() {
    return VarLongCoder.of();
  }

  private final class Reader extends UnboundedReader<Long> {
    private long last;

    Reader(long last) {
      this.last = last;
    }

    @Override
    public boolean start() {
      return advance();
    }

    @Override
    public boolean advance() {
      long now = System.currentTimeMillis();
      if (now - last < intervalMillis) {
        return false;
      }
      last = now;
      return true;
    }

    @Override
    public Long getCurrent() {
      return last;
    }

    @Override
    public Instant getCurrentTimestamp() {
      return Instant.ofEpochMilli(last);
    }

    @Override
    public Instant getWatermark() {
      return Instant.ofEpochMilli(last);
    }

    @Override
    public Mark getCheckpointMark() {
      return new Mark(last);
    }

    @Override
    public ClockSource getCurrentSource() {
      return ClockSource.this;
    }

    @Override
    public void close() {}
  }
}
