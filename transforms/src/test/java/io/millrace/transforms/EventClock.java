package io.millrace.transforms;

import java.io.Serializable;
import java.util.List;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.apache.beam.sdk.io.UnboundedSource;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.joda.time.Instant;

/** The numbers from 0, one each millisecond of event time, with the watermark behind them. */
public final class EventClock extends UnboundedSource<Long, EventClock.Mark> {
  private static final long serialVersionUID = 1L;

  private final long count;

  private EventClock(long count) {
    this.count = count;
  }

  /** As many numbers; then the watermark goes to the end. */
  public static EventClock of(long count) {
    return new EventClock(count);
  }

  /**
   * How far a reader is.
   *
   * @param next the number to be read next
   */
  public record Mark(long next) implements CheckpointMark, Serializable {
    @Override
    public void finalizeCheckpoint() {}
  }

  @Override
  public List<EventClock> split(int desiredSplits, PipelineOptions options) {
    return List.of(this);
  }

  @Override
  public UnboundedReader<Long> createReader(PipelineOptions options, @Nullable Mark mark) {
    return new Reader(this, mark == null ? 0 : mark.next());
  }

  @Override
  public Coder<Mark> getCheckpointMarkCoder() {
    return SerializableCoder.of(Mark.class);
  }

  @Override
  public Coder<Long> getOutputCoder() {
    return VarLongCoder.of();
  }

  private static final class Reader extends UnboundedReader<Long> {
    private final EventClock clock;
    private long next;

    Reader(EventClock clock, long next) {
      this.clock = clock;
      this.next = next;
    }

    @Override
    public boolean start() {
      return advance();
    }

    @Override
    public boolean advance() {
      if (next >= clock.count) {
        return false;
      }
      next++;
      return true;
    }

    @Override
    public Long getCurrent() {
      return next - 1;
    }

    @Override
    public Instant getCurrentTimestamp() {
      return Instant.ofEpochMilli(next - 1);
    }

    @Override
    public Instant getWatermark() {
      return next >= clock.count
          ? BoundedWindow.TIMESTAMP_MAX_VALUE
          : Instant.ofEpochMilli(next - 1);
    }

    @Override
    public CheckpointMark getCheckpointMark() {
      return new Mark(next);
    }

    @Override
    public EventClock getCurrentSource() {
      return clock;
    }

    @Override
    public void close() {}
  }
}
