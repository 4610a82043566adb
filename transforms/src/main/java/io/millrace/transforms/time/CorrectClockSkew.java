package io.millrace.transforms.time;

import com.google.auto.value.AutoValue;
import io.millrace.schemas.BusinessEvent;
import io.millrace.transforms.block.Buckets;
import io.millrace.transforms.block.GlobalInput;
import io.millrace.transforms.block.OpenBlocks;
import java.util.Map;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.display.DisplayData;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PInput;
import org.apache.beam.sdk.values.POutput;
import org.apache.beam.sdk.values.PValue;
import org.apache.beam.sdk.values.TupleTag;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.joda.time.Duration;
import org.joda.time.Instant;

/**
 * Corrects the times of events whose devices have clocks of their own, which may be hours off.
 *
 * <p>An event tells when it happened and, if it can, when it was sent, both by the device's clock,
 * and when it was received by the server's. The difference between receipt and sending is the
 * device's offset and the delay on the way; delays are never below 0 and vary, the offset hardly
 * does. So the smallest difference over a horizon is nearest to the offset: an outlier cannot raise
 * it, however heavy the tail of the delays is (the minimum filter of NTP's clock, RFC 5905, section
 * 10; Cristian, Probabilistic clock synchronization, 1989; Moon, Skelly and Towsley, Estimation and
 * Removal of Clock Skew from Network Delay Measurements, INFOCOM 1999). Without a time of sending
 * that of the event is taken, and then how long it lay on the device counts as delay.
 *
 * <p>The corrected time is the device's plus the offset. It is too late by the least delay of the
 * horizon, which nothing measured one way can tell from an offset; for the rest it says its {@link
 * Corrected#uncertainty}, which is the greater of
 *
 * <ul>
 *   <li>1.71 times the gap between the smallest and the fourth smallest difference: if delays are
 *       independent and evenly dense near the least possible one, then with 95 % the smallest
 *       measured is no farther from that (after Robson and Whitlock, Estimation of a truncation
 *       point, Biometrika 1964; with the fourth in place of the second);
 *   <li>1.25 times as much as the newest differences alone would say more: a clock that drifts, or
 *       was set back, shows here at once; a quarter is for what it drifted since.
 * </ul>
 *
 * With fewer than four differences it is {@link Corrected#UNKNOWN}. A clock that is set forward is
 * followed with its first event; one that is set back when the horizon has passed, until then the
 * uncertainty is as great as the step. A drift of 50 ppm makes 4.3 s a day: choose the horizon as
 * long as delays need, and no longer.
 *
 * <p>Order, lateness: events are taken in the order of their receipt, and the horizon of each ends
 * with it, in twelfths; so what comes out depends on which events there are, not on how they come.
 * For that the <b>watermark of the input tells of times of receipt</b> (of a topic: Kafka's own
 * timestamps); timestamps of events do not matter, and an event received before the watermark when
 * it comes goes to {@link Result#tooLate()}. An event without a time of receipt teaches nothing and
 * is placed by its own; one whose device is not known teaches nothing either, and keeps its time.
 * Duplicates change nothing but the uncertainty. The output's timestamps are the corrected times,
 * which lag behind the watermark as events do: put {@link RouteLate} or a late policy behind. Input
 * is in the global window.
 *
 * <p>State: up to 48 differences a device, 400 bytes at most, freed when the device has been silent
 * for one to two horizons; and the events that wait for the watermark, see {@link ProcessInOrder}.
 *
 * <pre>{@code
 * readings.apply(CorrectClockSkew.with(times, Duration.standardHours(6))).corrected();
 * }</pre>
 */
public final class CorrectClockSkew {

  /**
   * Corrects by the smallest difference of this horizon.
   *
   * @throws IllegalArgumentException if the horizon is not longer than 0
   */
  public static <T> Correct<T> with(DeviceTimes<T> times, Duration horizon) {
    if (horizon.getMillis() <= 0) {
      throw new IllegalArgumentException("the horizon must be longer than 0, got " + horizon);
    }
    return new AutoValue_CorrectClockSkew_Correct<>(times, horizon, Buckets.DEFAULT);
  }

  /** Corrects business events, by their source. */
  public static Correct<BusinessEvent> ofEvents(Duration horizon) {
    return with(new EventTimes(), horizon);
  }

  /** See {@link CorrectClockSkew}. */
  @AutoValue
  public abstract static class Correct<T> extends PTransform<PCollection<T>, Result<T>> {
    abstract DeviceTimes<T> times();

    abstract Duration horizon();

    abstract int buckets();

    /**
     * Sets the number of buckets of devices, which bounds the parallelism; 256 by default.
     *
     * @throws IllegalArgumentException if it is not from 1 to 32,768
     */
    public Correct<T> withBuckets(int buckets) {
      return new AutoValue_CorrectClockSkew_Correct<>(times(), horizon(), Buckets.check(buckets));
    }

    @Override
    public Result<T> expand(PCollection<T> input) {
      GlobalInput.require(input, "CorrectClockSkew");
      Coder<T> coder = input.getCoder();
      ProcessInOrder.Result<String, T, Corrected<T>> processed =
          input
              .apply("Device", ParDo.of(new DeviceFn<>(times())))
              .setCoder(KvCoder.of(StringUtf8Coder.of(), coder))
              .apply(
                  "Correct",
                  ProcessInOrder.<String, T, Corrected<T>>with(
                          new CorrectProcess<>(times(), coder, horizon()), CorrectedCoder.of(coder))
                      .withTurnEvery(horizon())
                      .withBuckets(buckets()));
      return new Result<>(
          processed.outputs(),
          processed
              .tooLate()
              .apply("TooLate", ParDo.of(new WithoutKeyFn<>()))
              .setCoder(LateElementCoder.of(coder)));
    }

    @Override
    public void populateDisplayData(DisplayData.Builder builder) {
      builder
          .add(DisplayData.item("horizon", horizon()))
          .add(DisplayData.item("buckets", buckets()));
    }
  }

  /** Corrected events, and those that came too late to be. */
  public static final class Result<T> implements POutput {
    private final PCollection<Corrected<T>> corrected;
    private final PCollection<LateElement<T>> tooLate;

    private Result(PCollection<Corrected<T>> corrected, PCollection<LateElement<T>> tooLate) {
      this.corrected = corrected;
      this.tooLate = tooLate;
    }

    public PCollection<Corrected<T>> corrected() {
      return corrected;
    }

    /** Events that were received before the watermark when they came; as they were. */
    public PCollection<LateElement<T>> tooLate() {
      return tooLate;
    }

    @Override
    public Pipeline getPipeline() {
      return corrected.getPipeline();
    }

    @Override
    public Map<TupleTag<?>, PValue> expand() {
      return Map.of(
          new TupleTag<Corrected<T>>("corrected"),
          corrected,
          new TupleTag<LateElement<T>>("tooLate"),
          tooLate);
    }

    @Override
    public void finishSpecifyingOutput(
        String transformName, PInput input, PTransform<?, ?> transform) {}
  }

  /** Keys events by device, and puts them to where they were received. */
  static final class DeviceFn<T> extends DoFn<T, KV<String, T>> {
    private static final long serialVersionUID = 1L;

    private final DeviceTimes<T> times;

    DeviceFn(DeviceTimes<T> times) {
      this.times = times;
    }

    @ProcessElement
    public void process(@Element T event, OutputReceiver<KV<String, T>> out) {
      long received = times.receivedAt(event);
      long micros = received == DeviceTimes.NO_TIME ? times.occurredAt(event) : received;
      out.outputWithTimestamp(
          KV.of(times.device(event), event), Instant.ofEpochMilli(Math.floorDiv(micros, 1000L)));
    }

    @SuppressWarnings("deprecation") // the watermark tells of receipt, timestamps may not
    @Override
    public Duration getAllowedTimestampSkew() {
      return OpenBlocks.SKEW;
    }
  }

  private static final class EventTimes implements DeviceTimes<BusinessEvent> {
    private static final long serialVersionUID = 1L;

    @Override
    public String device(BusinessEvent event) {
      @Nullable String source = event.source();
      return source == null ? "" : source;
    }

    @Override
    public long occurredAt(BusinessEvent event) {
      return event.occurredAt();
    }

    @Override
    public long sentAt(BusinessEvent event) {
      return event.sentAt();
    }

    @Override
    public long receivedAt(BusinessEvent event) {
      return event.receivedAt();
    }
  }

  private CorrectClockSkew() {}
}
