package io.millrace.transforms.read;

import io.millrace.schemas.RecordBlock;
import io.millrace.transforms.quality.RunCounter;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.io.range.OffsetRange;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.splittabledofn.ManualWatermarkEstimator;
import org.apache.beam.sdk.transforms.splittabledofn.RestrictionTracker;
import org.apache.beam.sdk.transforms.splittabledofn.WatermarkEstimators;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.joda.time.Duration;
import org.joda.time.Instant;

/**
 * Reads parts of a log. Its restriction is the range of offsets that are yet to be read; one
 * watermark estimator goes over from what was landed to the topic with it.
 */
abstract class ReadLogFn extends DoFn<LogPart, RecordBlock> {
  private static final long serialVersionUID = 1L;

  /** So long a call reads on before it lets the runner take a checkpoint. */
  private static final long TURN_NANOS = 500_000_000L;

  /** How soon a part is looked at again that had nothing. */
  private static final Duration PAUSE = Duration.millis(50);

  private final RunCounter recordsRead = RunCounter.named("records_read");
  private final LogSettings settings;
  private transient Map<LogPart, LogReader> readers;

  private ReadLogFn(LogSettings settings) {
    this.settings = settings;
  }

  /** Reads parts that end. None of their records is ever late. */
  @BoundedPerElement
  static final class Bounded extends ReadLogFn {
    private static final long serialVersionUID = 1L;

    Bounded(LogSettings settings) {
      super(settings);
    }

    @Override
    boolean isBounded() {
      return true;
    }
  }

  /** Reads parts some of which do not end. */
  @UnboundedPerElement
  static final class Unbounded extends ReadLogFn {
    private static final long serialVersionUID = 1L;

    Unbounded(LogSettings settings) {
      super(settings);
    }

    @Override
    boolean isBounded() {
      return false;
    }
  }

  abstract boolean isBounded();

  @Setup
  public void setup() {
    readers = new ConcurrentHashMap<>();
  }

  @GetInitialRestriction
  public OffsetRange all(@Element LogPart part) {
    return new OffsetRange(part.from(), part.to());
  }

  @GetRestrictionCoder
  public Coder<OffsetRange> restrictionCoder() {
    return OffsetRange.Coder.of();
  }

  @NewTracker
  public BlockRangeTracker track(@Restriction OffsetRange range) {
    return new BlockRangeTracker(range);
  }

  @GetInitialWatermarkEstimatorState
  public Instant noWatermark() {
    return BoundedWindow.TIMESTAMP_MIN_VALUE;
  }

  @NewWatermarkEstimator
  public WatermarkEstimators.Manual estimate(@WatermarkEstimatorState Instant watermark) {
    return new WatermarkEstimators.Manual(watermark);
  }

  @ProcessElement
  public ProcessContinuation process(
      @Element LogPart part,
      RestrictionTracker<OffsetRange, Long> tracker,
      ManualWatermarkEstimator<Instant> watermark,
      OutputReceiver<RecordBlock> out) {
    long begin = System.nanoTime();
    LogReader reader = reader(part, tracker.currentRestriction().getFrom(), watermark);
    try {
      while (true) {
        long to = tracker.currentRestriction().getTo();
        if (reader.position() >= to) {
          return ProcessContinuation.stop();
        }
        LogBlock block = reader.next(to);
        if (block == null) {
          watermark.setWatermark(reader.watermark());
          return ProcessContinuation.resume().withResumeDelay(PAUSE);
        }
        if (!tracker.tryClaim(block.block().to() - 1)) {
          reader.putBack(block);
          return ProcessContinuation.stop();
        }
        recordsRead.add(block.records());
        out.outputWithTimestamp(block.block(), block.timestamp());
        watermark.setWatermark(reader.watermark());
        if (block.block().to() >= to) {
          close(part);
          return ProcessContinuation.stop();
        }
        if (!isBounded() && System.nanoTime() - begin > TURN_NANOS) {
          return ProcessContinuation.resume();
        }
      }
    } catch (RuntimeException e) {
      close(part);
      throw e;
    }
  }

  /** The reader of a part, where it is: it goes on from call to call, unless others did so. */
  private LogReader reader(LogPart part, long from, ManualWatermarkEstimator<Instant> watermark) {
    LogReader reader = readers.get(part);
    if (reader == null) {
      reader = new LogReader(settings, part, from, isBounded(), watermark.currentWatermark());
      readers.put(part, reader);
    } else if (reader.position() != from) {
      reader.seek(from, watermark.currentWatermark());
    }
    return reader;
  }

  private void close(LogPart part) {
    LogReader reader = readers.remove(part);
    if (reader != null) {
      reader.close();
    }
  }

  @Teardown
  public void teardown() {
    if (readers != null) {
      readers.values().forEach(LogReader::close);
      readers.clear();
    }
  }
}
