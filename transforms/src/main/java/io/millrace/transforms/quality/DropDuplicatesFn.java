package io.millrace.transforms.quality;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.coders.ListCoder;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.apache.beam.sdk.state.StateSpec;
import org.apache.beam.sdk.state.StateSpecs;
import org.apache.beam.sdk.state.TimeDomain;
import org.apache.beam.sdk.state.Timer;
import org.apache.beam.sdk.state.TimerSpec;
import org.apache.beam.sdk.state.TimerSpecs;
import org.apache.beam.sdk.state.ValueState;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.SerializableFunction;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.transforms.windowing.GlobalWindow;
import org.apache.beam.sdk.values.KV;
import org.joda.time.Duration;
import org.joda.time.Instant;

/** Remembers when the events of an id were that went on, and drops those near one of them. */
final class DropDuplicatesFn<T> extends DoFn<KV<String, T>, T> {
  private static final long serialVersionUID = 1L;

  /** When the events were that went on, in milliseconds since 1970. */
  @StateId("seen")
  private final StateSpec<ValueState<List<Long>>> seenSpec =
      StateSpecs.value(ListCoder.of(VarLongCoder.of()));

  @TimerId("forget")
  private final TimerSpec forgetSpec = TimerSpecs.timer(TimeDomain.EVENT_TIME);

  private final long horizonMillis;
  private final SerializableFunction<T, String> table;
  private final RunCounter repeated = RunCounter.named("events_repeated");
  private transient Map<String, Long> dropped;

  DropDuplicatesFn(Duration horizon, SerializableFunction<T, String> table) {
    this.horizonMillis = horizon.getMillis();
    this.table = table;
  }

  @StartBundle
  public void startBundle() {
    dropped = new HashMap<>();
  }

  @ProcessElement
  public void process(
      @Element KV<String, T> event,
      @Timestamp Instant timestamp,
      @StateId("seen") ValueState<List<Long>> seen,
      @TimerId("forget") Timer forget,
      OutputReceiver<T> out) {
    List<Long> known = times(seen);
    long time = timestamp.getMillis();
    if (known.stream().anyMatch(other -> Math.abs(other - time) <= horizonMillis)) {
      dropped.merge(table.apply(event.getValue()), 1L, Long::sum);
      return;
    }
    List<Long> all = new ArrayList<>(known);
    all.add(time);
    seen.write(all);
    forget.set(end(all));
    out.output(event.getValue());
  }

  @OnTimer("forget")
  public void forget(@StateId("seen") ValueState<List<Long>> seen) {
    seen.clear();
  }

  @FinishBundle
  public void finishBundle(FinishBundleContext context) {
    dropped.forEach(
        (name, count) -> {
          repeated.add(count);
          context.output(
              DropDuplicates.Result.COUNTS,
              KV.of(name, ChangeCounts.builder().setDuplicate(count).build()),
              GlobalWindow.INSTANCE.maxTimestamp(),
              GlobalWindow.INSTANCE);
        });
  }

  private static List<Long> times(ValueState<List<Long>> seen) {
    List<Long> times = seen.read();
    return times == null ? List.of() : times;
  }

  /** When the last of the events can be forgotten. */
  private Instant end(List<Long> times) {
    long last = times.stream().mapToLong(Long::longValue).max().orElseThrow();
    Instant most = BoundedWindow.TIMESTAMP_MAX_VALUE.minus(Duration.standardDays(2));
    return last >= most.getMillis() - horizonMillis
        ? most
        : Instant.ofEpochMilli(last + horizonMillis + 1);
  }
}
