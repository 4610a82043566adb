package io.millrace.transforms.time;

import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
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
import org.joda.time.Duration;
import org.joda.time.Instant;

/**
 * Sums the counts of a source and an hour. The sum is freed once no event can be counted in that
 * hour any more: those that still come are counted as {@link LateCounts#EARLIER}.
 */
final class SumLateCountsFn extends DoFn<KV<KV<String, Long>, LateCounts>, LateCounts> {
  private static final long serialVersionUID = 1L;

  /** What is counted is keyed by source and hour. */
  static final Coder<KV<String, Long>> KEY_CODER =
      KvCoder.of(StringUtf8Coder.of(), VarLongCoder.of());

  @StateId("total")
  private final StateSpec<ValueState<LateCounts>> totalSpec =
      StateSpecs.value(LateCountsCoder.of());

  @TimerId("free")
  private final TimerSpec freeSpec = TimerSpecs.timer(TimeDomain.EVENT_TIME);

  @ProcessElement
  public void process(
      @Element KV<KV<String, Long>, LateCounts> counts,
      @StateId("total") ValueState<LateCounts> total,
      @TimerId("free") Timer free,
      OutputReceiver<LateCounts> out) {
    LateCounts before = total.read();
    LateCounts sum = before == null ? counts.getValue() : before.plus(counts.getValue());
    total.write(sum);
    out.output(sum);
    if (before == null && !sum.hour().equals(LateCounts.EARLIER)) {
      Instant end = sum.hour().plus(Duration.standardHours(1)).plus(LateTally.KEPT);
      free.withNoOutputTimestamp().set(TimeBounds.atMost(end));
    }
  }

  @OnTimer("free")
  public void free(@StateId("total") ValueState<LateCounts> total) {
    total.clear();
  }
}
