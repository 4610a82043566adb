package io.millrace.transforms.join;

import io.millrace.transforms.block.OpenBlocks;
import io.millrace.transforms.block.PacketReader;
import io.millrace.transforms.quality.RunCounter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
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
import org.apache.beam.sdk.transforms.windowing.GlobalWindow;
import org.apache.beam.sdk.values.KV;
import org.joda.time.Duration;
import org.joda.time.Instant;

/** Joins the elements of a bucket of keys, by packets of either side. */
final class IntervalJoinFn<K, L, R> extends DoFn<KV<Integer, byte[]>, KV<K, Joined<L, R>>> {
  private static final long serialVersionUID = 1L;
  private static final Instant END = GlobalWindow.INSTANCE.maxTimestamp();

  /** See {@link IntervalSlice}; by {@link IntervalSliceName}. */
  @StateId("slices")
  private final StateSpec<MapState<String, byte[]>> slicesSpec =
      StateSpecs.map(StringUtf8Coder.of(), ByteArrayCoder.of());

  /** Chunks of slices that are full. */
  @StateId("chunks")
  private final StateSpec<MapState<String, byte[]>> chunksSpec =
      StateSpecs.map(StringUtf8Coder.of(), ByteArrayCoder.of());

  @StateId("waiting")
  private final StateSpec<ValueState<IntervalWaiting>> waitingSpec =
      StateSpecs.value(new IntervalWaitingCoder());

  /** What the timer is set to that frees. */
  @StateId("freeAt")
  private final StateSpec<ValueState<Long>> freeAtSpec = StateSpecs.value(VarLongCoder.of());

  /** Says what nothing joined, and holds the watermark until then. */
  @TimerId("say")
  private final TimerSpec saySpec = TimerSpecs.timer(TimeDomain.EVENT_TIME);

  @TimerId("free")
  private final TimerSpec freeSpec = TimerSpecs.timer(TimeDomain.EVENT_TIME);

  private final IntervalRules rules;
  private final IntervalTypes<K, L, R> types;
  private final long freeInterval;
  private final RunCounter tooLateCounter = RunCounter.named("events_too_late");
  private final RunCounter repeatedCounter = RunCounter.named("events_repeated");
  private final RunCounter freedCounter = RunCounter.named("join_slices_freed");

  IntervalJoinFn(IntervalRules rules, IntervalTypes<K, L, R> types) {
    this.rules = rules;
    this.types = types;
    freeInterval = rules.span().sliceMillis() + rules.lateness() / 4;
  }

  @ProcessElement
  public void process(
      @Element KV<Integer, byte[]> packet,
      @StateId("slices") MapState<String, byte[]> slices,
      @StateId("chunks") MapState<String, byte[]> chunks,
      @StateId("waiting") ValueState<IntervalWaiting> waitingState,
      @StateId("freeAt") ValueState<Long> freeAt,
      @TimerId("say") Timer say,
      @TimerId("free") Timer free,
      MultiOutputReceiver out) {
    IntervalWaiting waiting = read(waitingState);
    long watermark = Math.max(watermark(say), waiting.watermark());
    IntervalBucket bucket =
        new IntervalBucket(
            rules, slices, chunks, waiting, watermark, types.output(out.get(types.joined())));
    PacketReader reader = new PacketReader(packet.getValue());
    IntervalSide side = IntervalSide.of(reader.side());
    for (Map.Entry<String, List<IntervalArrival>> key :
        inTime(reader, side, watermark, out).entrySet()) {
      key.getValue().sort(Comparator.comparingLong(IntervalArrival::time));
      bucket.add(key.getKey(), side, key.getValue());
    }
    repeatedCounter.add(bucket.repeated());
    if (rules.kind().isOuter()) {
      setSay(say, watermark, waiting, bucket.waiting(), waitingState);
    }
    setFree(free, freeAt, bucket.freed(), watermark);
  }

  /** Hands over what is too late, and answers the others by key. */
  private Map<String, List<IntervalArrival>> inTime(
      PacketReader reader, IntervalSide side, long watermark, MultiOutputReceiver out) {
    Map<String, List<IntervalArrival>> byKey = new LinkedHashMap<>();
    long tooLate = 0;
    while (reader.next()) {
      if (rules.isTooLate(reader.timestamp(), watermark)) {
        types.tooLate(reader, side, out);
        tooLate++;
      } else {
        String key =
            new String(
                reader.buffer(),
                reader.keyOffset(),
                reader.keyLength(),
                StandardCharsets.ISO_8859_1);
        byKey.computeIfAbsent(key, any -> new ArrayList<>()).add(types.arrival(reader, side));
      }
    }
    tooLateCounter.add(tooLate);
    return byKey;
  }

  @OnTimer("say")
  public void onSay(
      OnTimerContext context,
      @StateId("slices") MapState<String, byte[]> slices,
      @StateId("chunks") MapState<String, byte[]> chunks,
      @StateId("waiting") ValueState<IntervalWaiting> waitingState,
      @TimerId("say") Timer say,
      MultiOutputReceiver out) {
    IntervalWaiting waiting = read(waitingState).withTimer(IntervalSlice.NONE, IntervalSlice.NONE);
    // In batch mode Flink's watermark does not show, but the timer tells.
    long watermark = Math.max(atEnd(context.fireTimestamp()), watermark(say));
    IntervalBucket bucket =
        new IntervalBucket(
            rules,
            slices,
            chunks,
            waiting,
            Math.max(watermark, waiting.watermark()),
            types.output(out.get(types.joined())));
    bucket.sayUnmatched();
    setSay(say, watermark, waiting, bucket.waiting(), waitingState);
  }

  @OnTimer("free")
  public void onFree(
      @StateId("slices") MapState<String, byte[]> slices,
      @StateId("chunks") MapState<String, byte[]> chunks,
      @StateId("waiting") ValueState<IntervalWaiting> waitingState,
      @StateId("freeAt") ValueState<Long> freeAt,
      @TimerId("free") Timer free,
      MultiOutputReceiver out) {
    long watermark = watermark(free);
    IntervalWaiting waiting = read(waitingState);
    // The watermark may have passed what is still to be said: timers fire one after the other.
    long said = Math.min(watermark, waiting.earliestOver(rules) - 1);
    IntervalBucket bucket =
        new IntervalBucket(
            rules, slices, chunks, waiting, said, types.output(out.get(types.joined())));
    freedCounter.add(bucket.free());
    waitingState.write(bucket.waiting());
    freeAt.clear();
    setFree(free, freeAt, bucket.freed(), watermark);
  }

  private static IntervalWaiting read(ValueState<IntervalWaiting> state) {
    IntervalWaiting waiting = state.read();
    return waiting == null ? IntervalWaiting.NONE : waiting;
  }

  private static long watermark(Timer timer) {
    return atEnd(timer.getCurrentRelativeTime());
  }

  /** A watermark, or at the end the greatest number. */
  private static long atEnd(Instant watermark) {
    return watermark.isBefore(END) ? watermark.getMillis() : Long.MAX_VALUE;
  }

  /** Sets the timer for the first that waits; for none, to the end, and lets the watermark go. */
  private void setSay(
      Timer say,
      long watermark,
      IntervalWaiting before,
      IntervalWaiting waiting,
      ValueState<IntervalWaiting> state) {
    if (waiting.is(before)) {
      return;
    }
    long due = waiting.earliestOver(rules);
    long held = waiting.earliest();
    if ((due == waiting.due() && held == waiting.held()) || watermark == Long.MAX_VALUE) {
      state.write(waiting);
      return;
    }
    Instant at = Instant.ofEpochMilli(Math.min(due, END.getMillis()));
    Instant hold = Instant.ofEpochMilli(Math.min(held, at.getMillis()));
    say.withOutputTimestamp(hold).set(at);
    state.write(waiting.withTimer(due, held));
  }

  /**
   * Sets the timer that frees, not oftener than is worth a look at the whole bucket, and never at
   * the end: Flink's batch mode holds the watermark for timers that timers set, and fires none.
   */
  private void setFree(Timer free, ValueState<Long> freeAt, long due, long watermark) {
    if (due == IntervalSlice.NONE || watermark == Long.MAX_VALUE) {
      return;
    }
    long at = Math.min(END.getMillis(), Math.max(due, watermark + freeInterval));
    Long set = freeAt.read();
    if (set == null || at < set) {
      free.set(Instant.ofEpochMilli(at));
      freeAt.write(at);
    }
  }

  /** What nothing joined is older than the timer that says so. */
  @SuppressWarnings("deprecation")
  @Override
  public Duration getAllowedTimestampSkew() {
    return OpenBlocks.SKEW;
  }
}
