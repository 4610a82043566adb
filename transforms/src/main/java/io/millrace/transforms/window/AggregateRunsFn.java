package io.millrace.transforms.window;

import org.apache.beam.sdk.coders.BooleanCoder;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.apache.beam.sdk.state.StateSpec;
import org.apache.beam.sdk.state.StateSpecs;
import org.apache.beam.sdk.state.TimeDomain;
import org.apache.beam.sdk.state.Timer;
import org.apache.beam.sdk.state.TimerSpec;
import org.apache.beam.sdk.state.TimerSpecs;
import org.apache.beam.sdk.state.ValueState;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.Row;
import org.apache.beam.sdk.values.TupleTag;
import org.joda.time.Duration;

/**
 * Joins packets of a bucket of keys to sessions and windows of elements. State: the runs of all its
 * keys, as one value. One event-time timer is set for the next window to close or to free, and
 * holds the watermark until then.
 */
final class AggregateRunsFn<T> extends DoFn<KV<Integer, byte[]>, Row> {
  private static final long serialVersionUID = 1L;

  @StateId("runs")
  private final StateSpec<ValueState<RunTable>> runsSpec;

  /** The watermark up to which windows are closed. */
  @StateId("closed")
  private final StateSpec<ValueState<Long>> closedSpec = StateSpecs.value(VarLongCoder.of());

  /** What the timer is set to. */
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

  private final Runs rules;
  private final LatePolicy policy;
  private final WindowRows<T> rows;
  private final TupleTag<Row> results;
  private final TupleTag<Row> tooLate;

  AggregateRunsFn(
      Runs rules,
      LatePolicy policy,
      WindowRows<T> rows,
      TupleTag<Row> results,
      TupleTag<Row> tooLate) {
    this.rules = rules;
    this.policy = policy;
    this.rows = rows;
    this.results = results;
    this.tooLate = tooLate;
    runsSpec = StateSpecs.value(new RunTableCoder(rows.layout()));
  }

  @ProcessElement
  public void process(
      @Element KV<Integer, byte[]> packet,
      @StateId("runs") ValueState<RunTable> runs,
      @StateId("closed") ValueState<Long> closed,
      @StateId("due") ValueState<Long> due,
      @StateId("earlySet") ValueState<Boolean> earlySet,
      @StateId("lateSet") ValueState<Boolean> lateSet,
      @TimerId("due") Timer dueTimer,
      @TimerId("early") Timer earlyTimer,
      @TimerId("late") Timer lateTimer,
      MultiOutputReceiver out) {
    long watermark = WindowCall.watermark(dueTimer);
    Call call = new Call(runs, WindowCall.closed(closed, watermark), out);
    call.bucket.advance(watermark);
    call.bucket.add(packet.getValue());
    WindowCall.end(call.bucket, closed, due, dueTimer);
    call.write();
    WindowCall.set(earlyTimer, earlySet, policy.earlyFirings());
    WindowCall.set(lateTimer, lateSet, policy.lateFirings());
  }

  @OnTimer("due")
  public void onDue(
      @StateId("runs") ValueState<RunTable> runs,
      @StateId("closed") ValueState<Long> closed,
      @StateId("due") ValueState<Long> due,
      @TimerId("due") Timer dueTimer,
      MultiOutputReceiver out) {
    long watermark = WindowCall.watermark(dueTimer);
    due.clear();
    Call call = new Call(runs, WindowCall.closed(closed, watermark), out);
    call.bucket.advance(watermark);
    WindowCall.end(call.bucket, closed, due, dueTimer);
    call.write();
  }

  @OnTimer("early")
  public void onEarly(
      @StateId("runs") ValueState<RunTable> runs,
      @StateId("closed") ValueState<Long> closed,
      @StateId("due") ValueState<Long> due,
      @StateId("earlySet") ValueState<Boolean> earlySet,
      @TimerId("due") Timer dueTimer,
      MultiOutputReceiver out) {
    earlySet.clear();
    sayChanges(Pane.EARLY, runs, closed, due, dueTimer, out);
  }

  @OnTimer("late")
  public void onLate(
      @StateId("runs") ValueState<RunTable> runs,
      @StateId("closed") ValueState<Long> closed,
      @StateId("due") ValueState<Long> due,
      @StateId("lateSet") ValueState<Boolean> lateSet,
      @TimerId("due") Timer dueTimer,
      MultiOutputReceiver out) {
    lateSet.clear();
    sayChanges(Pane.LATE, runs, closed, due, dueTimer, out);
  }

  private void sayChanges(
      Pane pane,
      ValueState<RunTable> runs,
      ValueState<Long> closed,
      ValueState<Long> due,
      Timer dueTimer,
      MultiOutputReceiver out) {
    long watermark = WindowCall.watermark(dueTimer);
    Call call = new Call(runs, WindowCall.closed(closed, watermark), out);
    // Timers of the two kinds come in any order.
    call.bucket.advance(watermark);
    call.bucket.sayChanges(pane);
    WindowCall.end(call.bucket, closed, due, dueTimer);
    call.write();
  }

  private final class Call {
    private final WindowCall call;
    private final ValueState<RunTable> state;
    private final RunTable table;
    private final WindowBucket bucket;

    Call(ValueState<RunTable> state, long closed, MultiOutputReceiver out) {
      call = new WindowCall(results, tooLate, out);
      this.state = state;
      RunTable known = state.read();
      table = known == null ? new RunTable() : known;
      bucket = new RunBucket<>(rules, policy, rows, table, closed, call);
    }

    void write() {
      state.write(table);
      call.count();
    }
  }

  /** Results of windows that are over are older than what brought them, the clock's timers most. */
  @SuppressWarnings("deprecation")
  @Override
  public Duration getAllowedTimestampSkew() {
    return Duration.millis(Long.MAX_VALUE);
  }
}
