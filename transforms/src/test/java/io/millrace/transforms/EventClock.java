package io.millrace.transforms;

import java.io.Serializable;
import java.nio.file.Path;
import java.util.List;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.apache.beam.sdk.io.UnboundedSource;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.joda.time.Instant;

/**
 * The numbers from 0, one each millisecond of event time, with the watermark behind them. It stops
 * for {@link CheckpointSizes}.
 */
final class EventClock extends UnboundedSource<Long, EventClock.Mark> {
  private static final long serialVersionUID = 1L;

  private final long count;
  private final String checkpoints;

  private EventClock(long count, String checkpoints) {
    this.count = count;
    this.checkpoints = checkpoints;
  }

  /** As many numbers; then the watermark goes to the end. */
  static EventClock of(long count, Path checkpoints) {
    return new EventClock(count, checkpoints.toString());
  }

  /**
   * How far a reader is.
   *
   * @param next the number to be read next
   * @param checkpoints the directory of the job's checkpoints
   */
  record Mark(long next, String checkpoints) implements CheckpointMark, Serializable {
    @Override
    public void finalizeCheckpoint() {
      CheckpointSizes.of(checkpoints).complete(next);
    }
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
      if (next >= clock.count || !CheckpointSizes.of(clock.checkpoints).mayRead(next)) {
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
      return new Mark(next, clock.checkpoints);
    }

    @Override
    public EventClock getCurrentSource() {
      return clock;
    }

    @Override
    public void close() {}
  }
}
