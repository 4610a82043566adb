package io.millrace.transforms.warehouse;

import org.apache.beam.sdk.state.StateSpec;
import org.apache.beam.sdk.state.StateSpecs;
import org.apache.beam.sdk.state.TimeDomain;
import org.apache.beam.sdk.state.Timer;
import org.apache.beam.sdk.state.TimerSpec;
import org.apache.beam.sdk.state.TimerSpecs;
import org.apache.beam.sdk.state.ValueState;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.windowing.GlobalWindow;
import org.apache.beam.sdk.values.KV;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.joda.time.Instant;

/**
 * Advances a source's progress to a commit once the watermark says that nothing committed earlier
 * is still on its way. It waits for one commit at a time and takes up the newest next, so its state
 * is two commits, and progress goes in steps of at least the watermark's delay. Bounded input,
 * which is in no order, has one step, at its end.
 */
final class ProgressFn extends DoFn<KV<String, CommitPoint>, Void> {
  private static final long serialVersionUID = 1L;
  private static final Instant END = GlobalWindow.INSTANCE.maxTimestamp();

  @StateId("awaited")
  private final StateSpec<ValueState<CommitPoint>> awaitedSpec =
      StateSpecs.value(CommitPointCoder.of());

  @StateId("newest")
  private final StateSpec<ValueState<CommitPoint>> newestSpec =
      StateSpecs.value(CommitPointCoder.of());

  @TimerId("ripe")
  private final TimerSpec ripeSpec = TimerSpecs.timer(TimeDomain.EVENT_TIME);

  @TimerId("end")
  private final TimerSpec endSpec = TimerSpecs.timer(TimeDomain.EVENT_TIME);

  private final Warehouse warehouse;
  private final boolean bounded;
  private transient WarehouseSession session;

  ProgressFn(Warehouse warehouse, boolean bounded) {
    this.warehouse = warehouse;
    this.bounded = bounded;
  }

  @Setup
  public void setup() {
    session = new WarehouseSession(warehouse, PostgresDialect.INSTANCE, WarehouseSession.PATIENT);
  }

  @ProcessElement
  public void process(
      @Element KV<String, CommitPoint> written,
      @StateId("awaited") ValueState<CommitPoint> awaited,
      @StateId("newest") ValueState<CommitPoint> newest,
      @TimerId("ripe") Timer ripe,
      @TimerId("end") Timer end) {
    CommitPoint point = written.getValue();
    CommitPoint known = newest.read();
    if (known == null || point.isAfter(known)) {
      newest.write(point);
    }
    if (bounded) {
      end.set(END);
    } else if (awaited.read() == null && point.hasTime()) {
      await(point, awaited, ripe);
    }
  }

  private static void await(CommitPoint point, ValueState<CommitPoint> awaited, Timer ripe) {
    awaited.write(point);
    ripe.set(Instant.ofEpochMilli(Math.min(point.ripeAt(), END.getMillis() - 1) + 1));
  }

  @OnTimer("ripe")
  public void ripe(
      @Key String source,
      @StateId("awaited") ValueState<CommitPoint> awaited,
      @StateId("newest") ValueState<CommitPoint> newest,
      @TimerId("ripe") Timer ripe) {
    CommitPoint point = awaited.read();
    // An input that was stopped has not come to its end, whatever the watermark says.
    boolean stopped = !ripe.getCurrentRelativeTime().isBefore(END);
    if (point == null || stopped) {
      return;
    }
    advance(source, point);
    CommitPoint next = newest.read();
    if (next != null && next.hasTime() && next.isAfter(point)) {
      await(next, awaited, ripe);
    } else {
      awaited.clear();
    }
  }

  @OnTimer("end")
  public void end(@Key String source, @StateId("newest") ValueState<CommitPoint> newest) {
    advance(source, newest.read());
  }

  private void advance(String source, @Nullable CommitPoint point) {
    if (point != null) {
      session.run(
          "writing progress",
          connection -> {
            try (var statement = connection.prepareStatement(ControlTables.ADVANCE)) {
              statement.setString(1, source);
              statement.setBytes(2, point.position().bytes());
              statement.setObject(3, point.hasTime() ? (Long) point.committedAt() : null);
              return statement.executeUpdate();
            }
          });
    }
  }

  @Teardown
  public void teardown() {
    if (session != null) {
      session.close();
    }
  }
}
