package io.millrace.transforms.time;

import io.millrace.transforms.block.PacketReader;
import io.millrace.transforms.quality.RunCounter;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.state.TimeDomain;
import org.apache.beam.sdk.state.Timer;
import org.apache.beam.sdk.state.TimerSpec;
import org.apache.beam.sdk.state.TimerSpecs;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.SerializableFunction;
import org.apache.beam.sdk.transforms.windowing.GlobalWindow;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.TupleTag;
import org.joda.time.Duration;
import org.joda.time.Instant;

/** Tells events that are too late from others, a packet at a time. */
final class RouteFn<T> extends DoFn<KV<Integer, byte[]>, T> {
  private static final long serialVersionUID = 1L;

  /** Is never set: a timer is what knows the watermark. */
  @TimerId("watermark")
  private final TimerSpec watermarkSpec = TimerSpecs.timer(TimeDomain.EVENT_TIME);

  private final Coder<T> coder;
  private final long allowedLateness;
  private final SerializableFunction<T, String> source;
  private final TupleTag<T> onTime;
  private final TupleTag<LateElement<T>> tooLate;
  private final TupleTag<LateCounts> counts;
  private final RunCounter tooLateCounter = RunCounter.named("events_too_late");
  private transient LateTally tally;

  RouteFn(
      Coder<T> coder,
      Duration allowedLateness,
      SerializableFunction<T, String> source,
      TupleTag<T> onTime,
      TupleTag<LateElement<T>> tooLate,
      TupleTag<LateCounts> counts) {
    this.coder = coder;
    this.allowedLateness = allowedLateness.getMillis();
    this.source = source;
    this.onTime = onTime;
    this.tooLate = tooLate;
    this.counts = counts;
  }

  @StartBundle
  public void startBundle() {
    tally = new LateTally();
  }

  @ProcessElement
  public void process(
      @Element KV<Integer, byte[]> packet,
      @Timestamp Instant packetTimestamp,
      @TimerId("watermark") Timer timer,
      MultiOutputReceiver out) {
    Instant watermark = timer.getCurrentRelativeTime();
    long limit = TimeBounds.minus(watermark.getMillis(), allowedLateness);
    PacketReader event = new PacketReader(packet.getValue());
    while (event.next()) {
      T element = event.value(coder);
      Instant timestamp = Instant.ofEpochMilli(event.timestamp());
      boolean isTooLate = event.timestamp() < limit;
      tally.add(
          source.apply(element),
          event.timestamp(),
          watermark.getMillis(),
          isTooLate,
          packetTimestamp.getMillis());
      if (isTooLate) {
        out.get(tooLate)
            .outputWithTimestamp(LateElement.of(element, timestamp, watermark), timestamp);
      } else {
        out.get(onTime).outputWithTimestamp(element, timestamp);
      }
    }
  }

  @OnTimer("watermark")
  public void onWatermark() {}

  @FinishBundle
  public void finishBundle(FinishBundleContext context) {
    tally.finish(
        (sums, timestamp) -> context.output(counts, sums, timestamp, GlobalWindow.INSTANCE));
    tooLateCounter.add(tally.tooLate());
  }
}
