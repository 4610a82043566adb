package io.millrace.transforms.pattern;

import io.millrace.transforms.time.KeyEvent;
import io.millrace.transforms.time.KeyProcess;
import io.millrace.transforms.time.KeyTurn;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Compares each of a key's values with the mean of those before it. */
final class DeviationProcess<T> implements KeyProcess<Alert<T>> {
  private static final long serialVersionUID = 1L;
  private static final List<String> STAGE = List.of("deviating");

  private final Deviation<T> rule;
  private final AlertMaker<T> maker;
  private final long idleMillis;

  DeviationProcess(Deviation<T> rule, AlertMaker<T> maker) {
    this.rule = rule;
    this.maker = maker;
    this.idleMillis = rule.turnEvery().getMillis();
  }

  @Override
  public void process(byte[] key, List<KeyEvent> events, KeyTurn<Alert<T>> turn) {
    RunningStatistics statistics = RunningStatistics.decode(turn.state());
    for (KeyEvent event : events) {
      @Nullable Double value = rule.value().apply(maker.decode(event));
      if (value == null || !Double.isFinite(value)) {
        continue;
      }
      if (isIdle(statistics, event.timestamp())) {
        statistics = new RunningStatistics();
      }
      if (statistics.count() >= rule.least() && deviates(statistics, value)) {
        Map<String, Double> measures =
            Map.of(
                "value",
                value,
                "mean",
                statistics.mean(),
                "deviation",
                statistics.deviation(),
                "events",
                (double) statistics.count());
        turn.output(
            maker.alert(key, STAGE, List.of(event), event.timestamp(), new TreeMap<>(measures)),
            event.timestamp());
      }
      statistics.add(value, event.timestamp());
    }
    boolean over = statistics.count() == 0 || isIdle(statistics, turn.watermark());
    turn.keep(over ? null : statistics.encode());
  }

  private boolean deviates(RunningStatistics statistics, double value) {
    return Math.abs(value - statistics.mean()) > rule.deviations() * statistics.deviation();
  }

  private boolean isIdle(RunningStatistics statistics, long time) {
    return idleMillis > 0
        && statistics.count() > 0
        && time > statistics.lastTimestamp() + idleMillis;
  }
}
