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
 * Advances a source's progress by whole commits: a commit is complete once one of a later time has
 * been written, and the watermark says that nothing sent before this later one is still on its way.
 * It waits for one commit at a time and takes up the newest next, so its state is four commits, and
 * progress goes in steps of at least the watermark's delay. Bounded input, which is in no order and
 * taken to be whole, has one step, at its end, to its newest commit.
 */
final class ProgressFn extends DoFn<KV<String, NewestCommits>, Void> {
  private static final long serialVersionUID = 1L;
  private static final Instant END = GlobalWindow.INSTANCE.maxTimestamp();

  @StateId("awaited")
  private final StateSpec<ValueState<NewestCommits>> awaitedSpec =
      StateSpecs.value(NewestCommitsCoder.of());

  @StateId("newest")
  private final StateSpec<ValueState<NewestCommits>> newestSpec =
      StateSpecs.value(NewestCommitsCoder.of());

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
      @Element KV<String, NewestCommits> written,
      @StateId("awaited") ValueState<NewestCommits> awaited,
      @StateId("newest") ValueState<NewestCommits> newest,
      @TimerId("ripe") Timer ripe,
      @TimerId("end") Timer end) {
    NewestCommits known = newest.read();
    NewestCommits seen = known == null ? written.getValue() : known.with(written.getValue());
    newest.write(seen);
    if (bounded) {
      end.set(END);
      return;
    }
    NewestCommits waiting = awaited.read();
    if (waiting != null) {
      awaited.write(waiting.withThoseBefore(written.getValue()));
    } else if (seen.before() != null) {
      await(seen, awaited, ripe);
    }
  }

  private static void await(NewestCommits next, ValueState<NewestCommits> awaited, Timer ripe) {
    awaited.write(next);
    ripe.set(Instant.ofEpochMilli(Math.min(next.newest().ripeAt(), END.getMillis() - 1) + 1));
  }

  @OnTimer("ripe")
  public void ripe(
      @Key String source,
      @StateId("awaited") ValueState<NewestCommits> awaited,
      @StateId("newest") ValueState<NewestCommits> newest,
      @TimerId("ripe") Timer ripe) {
    NewestCommits waiting = awaited.read();
    NewestCommits next = newest.read();
    Instant watermark = ripe.getCurrentRelativeTime();
    // An input that was stopped has not come to its end, whatever the watermark says.
    boolean stopped = !watermark.isBefore(END);
    if (waiting == null || next == null || stopped) {
      return;
    }
    boolean isNextRipe = next.newest().ripeAt() < watermark.getMillis();
    NewestCommits ripened = isNextRipe ? next : waiting;
    advance(source, ripened.before());
    if (ripened.newest().isOfEarlierCommitThan(next.newest())) {
      await(next, awaited, ripe);
    } else {
      awaited.clear();
      newest.write(NewestCommits.of(next.newest()));
    }
  }

  @OnTimer("end")
  public void end(@Key String source, @StateId("newest") ValueState<NewestCommits> newest) {
    NewestCommits seen = newest.read();
    advance(source, seen == null ? null : seen.newest());
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
