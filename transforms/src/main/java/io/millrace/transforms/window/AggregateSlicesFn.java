package io.millrace.transforms.window;

import io.millrace.transforms.quality.RunCounter;
import org.apache.beam.sdk.coders.BooleanCoder;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.apache.beam.sdk.state.MapState;
import org.apache.beam.sdk.state.StateSpec;
import org.apache.beam.sdk.state.StateSpecs;
import org.apache.beam.sdk.state.TimeDomain;
import org.apache.beam.sdk.state.Timer;
import org.apache.beam.sdk.state.TimerSpec;
import org.apache.beam.sdk.state.TimerSpecs;
import org.apache.beam.sdk.state.ValueState;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.Row;
import org.apache.beam.sdk.values.TupleTag;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.joda.time.Duration;
import org.joda.time.Instant;

/**
 * Joins packets of a bucket of keys to windows. State: accumulators by slice and key, and what was
 * said of windows that were corrected. One event-time timer is set for the next window to close or
 * to free, and holds the watermark until then.
 */
final class AggregateSlicesFn<T> extends DoFn<KV<Integer, byte[]>, Row> {
  private static final long serialVersionUID = 1L;

  @StateId("slices")
  private final StateSpec<MapState<Long, AccumulatorTable>> slicesSpec;

  @StateId("panes")
  private final StateSpec<MapState<Long, PaneTable>> panesSpec;

  /** The watermark up to which windows are closed. */
  @StateId("closed")
  private final StateSpec<ValueState<Long>> closedSpec = StateSpecs.value(VarLongCoder.of());

  /** When the timer is set to. */
  @StateId("due")
  private final StateSpec<ValueState<Long>> dueSpec = StateSpecs.value(VarLongCoder.of());

  /** Whether the clock's timer for early results is set. */
  @StateId("earlySet")
  private final StateSpec<ValueState<Boolean>> earlySetSpec = StateSpecs.value(BooleanCoder.of());

  /** Whether the clock's timer for late results is set. */
  @StateId("lateSet")
  private final StateSpec<ValueState<Boolean>> lateSetSpec = StateSpecs.value(BooleanCoder.of());

  @TimerId("due")
  private final TimerSpec dueTimer = TimerSpecs.timer(TimeDomain.EVENT_TIME);

  @TimerId("early")
  private final TimerSpec earlyTimer = TimerSpecs.timer(TimeDomain.PROCESSING_TIME);

  @TimerId("late")
  private final TimerSpec lateTimer = TimerSpecs.timer(TimeDomain.PROCESSING_TIME);

  private final Slices slices;
  private final LatePolicy policy;
  private final WindowRows<T> rows;
  private final TupleTag<Row> results;
  private final TupleTag<Row> tooLate;
  private final RunCounter tooLateCounter = RunCounter.named("elements_too_late");

  AggregateSlicesFn(
      Slices slices,
      LatePolicy policy,
      WindowRows<T> rows,
      TupleTag<Row> results,
      TupleTag<Row> tooLate) {
    this.slices = slices;
    this.policy = policy;
    this.rows = rows;
    this.results = results;
    this.tooLate = tooLate;
    slicesSpec = StateSpecs.map(VarLongCoder.of(), new AccumulatorTableCoder(rows.layout()));
    panesSpec = StateSpecs.map(VarLongCoder.of(), new PaneTableCoder(rows.layout()));
  }

  @ProcessElement
  public void process(
      @Element KV<Integer, byte[]> packet,
      @StateId("slices") MapState<Long, AccumulatorTable> tables,
      @StateId("panes") MapState<Long, PaneTable> panes,
      @StateId("closed") ValueState<Long> closed,
      @StateId("due") ValueState<Long> due,
      @StateId("earlySet") ValueState<Boolean> earlySet,
      @StateId("lateSet") ValueState<Boolean> lateSet,
      @TimerId("due") Timer dueTimer,
      @TimerId("early") Timer earlyTimer,
      @TimerId("late") Timer lateTimer,
      MultiOutputReceiver out) {
    long watermark = watermark(dueTimer.getCurrentRelativeTime());
    Call call = new Call(tables, panes, closed.read(), watermark, out);
    call.bucket.advance(watermark);
    call.bucket.add(packet.getValue());
    call.end(closed, due, dueTimer);
    if (policy.earlyFirings() != null && !Boolean.TRUE.equals(earlySet.read())) {
      earlySet.write(true);
      earlyTimer.withNoOutputTimestamp().offset(policy.earlyFirings()).setRelative();
    }
    if (policy.lateFirings() != null && !Boolean.TRUE.equals(lateSet.read())) {
      lateSet.write(true);
      lateTimer.withNoOutputTimestamp().offset(policy.lateFirings()).setRelative();
    }
  }

  @OnTimer("due")
  public void onDue(
      @Timestamp Instant timestamp,
      @StateId("slices") MapState<Long, AccumulatorTable> tables,
      @StateId("panes") MapState<Long, PaneTable> panes,
      @StateId("closed") ValueState<Long> closed,
      @StateId("due") ValueState<Long> due,
      @TimerId("due") Timer dueTimer,
      MultiOutputReceiver out) {
    long set = due.read() == null ? Long.MIN_VALUE : due.read();
    long watermark =
        Math.max(
            watermark(dueTimer.getCurrentRelativeTime()),
            watermark(
                Instant.ofEpochMilli(
                    Math.max(set, BoundedWindow.TIMESTAMP_MIN_VALUE.getMillis()))));
    due.clear();
    Call call = new Call(tables, panes, closed.read(), watermark, out);
    call.bucket.advance(watermark);
    call.end(closed, due, dueTimer);
  }

  @OnTimer("early")
  public void onEarly(
      @StateId("slices") MapState<Long, AccumulatorTable> tables,
      @StateId("panes") MapState<Long, PaneTable> panes,
      @StateId("closed") ValueState<Long> closed,
      @StateId("earlySet") ValueState<Boolean> earlySet,
      MultiOutputReceiver out) {
    earlySet.clear();
    if (closed.read() != null) {
      Call call = new Call(tables, panes, closed.read(), closed.read(), out);
      call.bucket.sayEarly();
      call.write();
    }
  }

  @OnTimer("late")
  public void onLate(
      @StateId("slices") MapState<Long, AccumulatorTable> tables,
      @StateId("panes") MapState<Long, PaneTable> panes,
      @StateId("closed") ValueState<Long> closed,
      @StateId("lateSet") ValueState<Boolean> lateSet,
      MultiOutputReceiver out) {
    lateSet.clear();
    if (closed.read() != null) {
      Call call = new Call(tables, panes, closed.read(), closed.read(), out);
      call.bucket.sayLate();
      call.write();
    }
  }

  private long watermark(Instant time) {
    return SliceBucket.watermark(time.getMillis(), slices);
  }

  /** One call of a method above. */
  private final class Call implements ResultSink {
    private final StateMap<AccumulatorTable> tables;
    private final StateMap<PaneTable> panes;
    private final SliceBucket<T> bucket;
    private final @Nullable Long closedBefore;
    private final OutputReceiver<Row> out;
    private final OutputReceiver<Row> tooLateOut;
    private long tooLateCount;

    Call(
        MapState<Long, AccumulatorTable> tables,
        MapState<Long, PaneTable> panes,
        @Nullable Long closed,
        long watermark,
        MultiOutputReceiver out) {
      this.tables = new StateMap<>(tables, () -> new AccumulatorTable(rows.layout()));
      this.panes = new StateMap<>(panes, () -> new PaneTable(rows.layout()));
      this.closedBefore = closed;
      this.out = out.get(results);
      this.tooLateOut = out.get(AggregateSlicesFn.this.tooLate);
      long from = closed == null ? watermark : closed;
      bucket = new SliceBucket<>(slices, policy, rows, this.tables, this.panes, from, this);
    }

    void end(ValueState<Long> closed, ValueState<Long> due, Timer timer) {
      if (closedBefore == null || closedBefore != bucket.closed()) {
        closed.write(bucket.closed());
      }
      long next = bucket.due();
      Long set = due.read();
      if (next < SliceBucket.END_OF_TIME && (set == null || set != next)) {
        long last = slices.endOfTime();
        timer
            .withOutputTimestamp(Instant.ofEpochMilli(Math.min(next - 1, last)))
            .set(Instant.ofEpochMilli(Math.min(next, last)));
        due.write(next);
      }
      write();
    }

    void write() {
      tables.write();
      panes.write();
      tooLateCounter.add(tooLateCount);
    }

    @Override
    public void result(Row row, long millis) {
      out.outputWithTimestamp(row, Instant.ofEpochMilli(millis));
    }

    @Override
    public void tooLate(Row row, long millis) {
      tooLateCount++;
      tooLateOut.outputWithTimestamp(row, Instant.ofEpochMilli(millis));
    }
  }

  /** Results of windows that are over are older than what brought them. */
  @SuppressWarnings("deprecation")
  @Override
  public Duration getAllowedTimestampSkew() {
    return Duration.millis(BoundedWindow.TIMESTAMP_MAX_VALUE.getMillis());
  }
}
