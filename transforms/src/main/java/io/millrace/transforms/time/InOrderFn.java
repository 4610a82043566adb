package io.millrace.transforms.time;

import io.millrace.transforms.block.OpenBlocks;
import io.millrace.transforms.block.PacketReader;
import io.millrace.transforms.quality.RunCounter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.state.MapState;
import org.apache.beam.sdk.state.ReadableState;
import org.apache.beam.sdk.state.StateSpec;
import org.apache.beam.sdk.state.StateSpecs;
import org.apache.beam.sdk.state.TimeDomain;
import org.apache.beam.sdk.state.Timer;
import org.apache.beam.sdk.state.TimerSpec;
import org.apache.beam.sdk.state.TimerSpecs;
import org.apache.beam.sdk.state.ValueState;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.TupleTag;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.joda.time.Duration;
import org.joda.time.Instant;

/**
 * Holds a bucket's events until the watermark has passed them, and the watermark until they have
 * been processed. One timer is set for the earliest.
 */
final class InOrderFn<K, V, OutputT> extends DoFn<KV<Integer, byte[]>, OutputT> {
  private static final long serialVersionUID = 1L;

  @StateId("pending")
  private final StateSpec<ValueState<PendingEvents>> pendingSpec =
      StateSpecs.value(new PendingEventsCoder());

  /** What is kept of each key, by its bytes as Latin-1. */
  @StateId("keys")
  private final StateSpec<MapState<String, byte[]>> keysSpec =
      StateSpecs.map(StringUtf8Coder.of(), ByteArrayCoder.of());

  @TimerId("due")
  private final TimerSpec dueSpec = TimerSpecs.timer(TimeDomain.EVENT_TIME);

  @TimerId("sweep")
  private final TimerSpec sweepSpec = TimerSpecs.timer(TimeDomain.EVENT_TIME);

  private final KeyProcess<OutputT> process;
  private final long sweepMillis;
  private final Coder<K> keyCoder;
  private final Coder<V> valueCoder;
  private final TupleTag<LateElement<KV<K, V>>> tooLate;
  private final RunCounter tooLateCounter = RunCounter.named("events_too_late");

  /**
   * @param sweepMillis how often each key gets a turn at least; 0 for never
   */
  InOrderFn(
      KeyProcess<OutputT> process,
      long sweepMillis,
      Coder<K> keyCoder,
      Coder<V> valueCoder,
      TupleTag<LateElement<KV<K, V>>> tooLate) {
    this.process = process;
    this.sweepMillis = sweepMillis;
    this.keyCoder = keyCoder;
    this.valueCoder = valueCoder;
    this.tooLate = tooLate;
  }

  @ProcessElement
  public void process(
      @Element KV<Integer, byte[]> packet,
      @StateId("pending") ValueState<PendingEvents> state,
      @TimerId("due") Timer due,
      MultiOutputReceiver out) {
    PendingEvents pending = state.read() == null ? new PendingEvents() : state.read();
    Instant watermark = due.getCurrentRelativeTime();
    long late = 0;
    PacketReader event = new PacketReader(packet.getValue());
    while (event.next()) {
      if (event.timestamp() < watermark.getMillis()) {
        Instant timestamp = Instant.ofEpochMilli(event.timestamp());
        KV<K, V> element = KV.of(event.key(keyCoder), event.value(valueCoder));
        out.get(tooLate)
            .outputWithTimestamp(LateElement.of(element, timestamp, watermark), timestamp);
        late++;
      } else {
        pending.add(key(event), new KeyEvent(event.timestamp(), event.copyValue()));
      }
    }
    tooLateCounter.add(late);
    end(pending, state, due);
  }

  @OnTimer("due")
  public void onDue(
      @StateId("pending") ValueState<PendingEvents> state,
      @StateId("keys") MapState<String, byte[]> keys,
      @TimerId("due") Timer due,
      @TimerId("sweep") Timer sweep,
      OutputReceiver<OutputT> out) {
    PendingEvents pending = state.read();
    if (pending == null) {
      return;
    }
    // In batch mode Flink's watermark does not show, but the timer is due.
    long watermark =
        watermark(Math.max(due.getCurrentRelativeTime().getMillis(), pending.earliest() + 1));
    release(watermark, pending, keys, out);
    end(pending, state, due);
    setSweep(sweep, watermark);
  }

  @OnTimer("sweep")
  public void onSweep(
      @StateId("pending") ValueState<PendingEvents> state,
      @StateId("keys") MapState<String, byte[]> keys,
      @TimerId("due") Timer due,
      @TimerId("sweep") Timer sweep,
      OutputReceiver<OutputT> out) {
    long watermark = watermark(due.getCurrentRelativeTime().getMillis());
    if (watermark == Long.MAX_VALUE) {
      return;
    }
    PendingEvents pending = state.read() == null ? new PendingEvents() : state.read();
    // No turn may be ahead of events that are due.
    release(watermark, pending, keys, out);
    List<String> all = new ArrayList<>();
    keys.keys().read().forEach(all::add);
    for (String key : all) {
      turn(key, List.of(), watermark, pending, keys, out);
    }
    end(pending, state, due);
    if (!all.isEmpty()) {
      setSweep(sweep, watermark);
    }
  }

  private void release(
      long watermark,
      PendingEvents pending,
      MapState<String, byte[]> keys,
      OutputReceiver<OutputT> out) {
    while (!pending.isEmpty() && pending.earliest() < watermark) {
      for (Map.Entry<String, List<KeyEvent>> key : pending.release(watermark).entrySet()) {
        turn(key.getKey(), key.getValue(), watermark, pending, keys, out);
      }
    }
  }

  private void turn(
      String key,
      List<KeyEvent> events,
      long watermark,
      PendingEvents pending,
      MapState<String, byte[]> keys,
      OutputReceiver<OutputT> out) {
    ReadableState<byte[]> state = keys.get(key);
    process.process(
        key.getBytes(StandardCharsets.ISO_8859_1),
        events,
        new KeyTurn<OutputT>() {
          @Override
          public byte @Nullable [] state() {
            return state.read();
          }

          @Override
          public void keep(byte @Nullable [] bytes) {
            if (bytes == null) {
              keys.remove(key);
            } else {
              keys.put(key, bytes);
            }
          }

          @Override
          public long watermark() {
            return watermark;
          }

          @Override
          public void wakeAt(long time) {
            if (watermark < Long.MAX_VALUE) {
              pending.addTurn(key, time - 1);
            }
          }

          @Override
          public void output(OutputT output, long timestamp) {
            out.outputWithTimestamp(output, TimeBounds.atMost(Instant.ofEpochMilli(timestamp)));
          }
        });
  }

  /** A key's bytes as Latin-1, which state can be keyed by. */
  private static String key(PacketReader event) {
    return new String(
        event.buffer(), event.keyOffset(), event.keyLength(), StandardCharsets.ISO_8859_1);
  }

  private static void end(PendingEvents pending, ValueState<PendingEvents> state, Timer due) {
    if (pending.isEmpty()) {
      state.clear();
      return;
    }
    state.write(pending);
    Instant earliest = Instant.ofEpochMilli(pending.earliest());
    due.withOutputTimestamp(TimeBounds.atMost(earliest))
        .set(TimeBounds.atMost(earliest.plus(Duration.millis(1))));
  }

  private void setSweep(Timer sweep, long watermark) {
    if (sweepMillis > 0
        && watermark > TimeBounds.BEGIN
        && watermark < TimeBounds.END.getMillis() - sweepMillis) {
      long next = (Math.floorDiv(watermark, sweepMillis) + 1) * sweepMillis;
      sweep.withNoOutputTimestamp().set(Instant.ofEpochMilli(next));
    }
  }

  /** The watermark, or the greatest number once there will be no other. */
  private static long watermark(long millis) {
    return millis >= TimeBounds.END.getMillis() ? Long.MAX_VALUE : millis;
  }

  /** What is made of events that waited is older than what brought them. */
  @SuppressWarnings("deprecation")
  @Override
  public Duration getAllowedTimestampSkew() {
    return OpenBlocks.SKEW;
  }
}
