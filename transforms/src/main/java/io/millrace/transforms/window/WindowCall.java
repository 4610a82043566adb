package io.millrace.transforms.window;

import io.millrace.transforms.quality.RunCounter;
import org.apache.beam.sdk.state.Timer;
import org.apache.beam.sdk.state.ValueState;
import org.apache.beam.sdk.transforms.DoFn.MultiOutputReceiver;
import org.apache.beam.sdk.transforms.DoFn.OutputReceiver;
import org.apache.beam.sdk.values.Row;
import org.apache.beam.sdk.values.TupleTag;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.joda.time.Duration;
import org.joda.time.Instant;

/** One call of a DoFn that keeps windows: what it outputs, and when it wants to be called again. */
final class WindowCall implements ResultSink {
  private static final RunCounter TOO_LATE = RunCounter.named("elements_too_late");

  private final OutputReceiver<Row> results;
  private final OutputReceiver<Row> tooLate;
  private long tooLateCount;

  WindowCall(TupleTag<Row> results, TupleTag<Row> tooLate, MultiOutputReceiver out) {
    this.results = out.get(results);
    this.tooLate = out.get(tooLate);
  }

  /** The input watermark; at the end of time, all windows are over. */
  static long watermark(Timer eventTime) {
    long millis = eventTime.getCurrentRelativeTime().getMillis();
    return millis >= WindowBucket.LAST_TIME ? WindowBucket.NEVER : millis;
  }

  /** The watermark up to which windows are closed; a bucket that is new has none to close. */
  static long closed(ValueState<Long> closed, long watermark) {
    Long known = closed.read();
    return known == null ? watermark : known;
  }

  /** Notes how far the windows are closed, and sets the timer for the next to close or to free. */
  static void end(WindowBucket bucket, ValueState<Long> closed, ValueState<Long> due, Timer timer) {
    Long known = closed.read();
    if (known == null || known != bucket.closed()) {
      closed.write(bucket.closed());
    }
    long next = bucket.due();
    Long set = due.read();
    if (next < WindowBucket.NEVER && (set == null || set != next)) {
      timer.withOutputTimestamp(time(next - 1)).set(time(next));
      due.write(next);
    }
  }

  private static Instant time(long millis) {
    return Instant.ofEpochMilli(Math.min(millis, WindowBucket.LAST_TIME));
  }

  /** Sets a timer of the clock, unless it is set. It holds no watermark. */
  static void set(Timer timer, ValueState<Boolean> isSet, @Nullable Duration delay) {
    if (delay != null && !Boolean.TRUE.equals(isSet.read())) {
      isSet.write(true);
      timer.withNoOutputTimestamp().offset(delay).setRelative();
    }
  }

  /** Counts what was too late. */
  void count() {
    TOO_LATE.add(tooLateCount);
  }

  @Override
  public void result(Row row, long millis) {
    results.outputWithTimestamp(row, time(millis));
  }

  @Override
  public void tooLate(Row row, long millis) {
    tooLateCount++;
    tooLate.outputWithTimestamp(row, time(millis));
  }
}
