package io.millrace.transforms.entity;

import io.millrace.transforms.block.OpenBlocks;
import io.millrace.transforms.block.PacketReader;
import io.millrace.transforms.quality.RunCounter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.apache.beam.sdk.state.BagState;
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
import org.apache.beam.sdk.values.TupleTag;
import org.joda.time.Duration;
import org.joda.time.Instant;

/** Evolves the entities of a bucket of keys, by packets of events. */
final class EvolveEntityFn<K, E, S> extends DoFn<KV<Integer, byte[]>, KV<K, Evolved<S>>> {
  private static final long serialVersionUID = 1L;
  private static final Instant END = GlobalWindow.INSTANCE.maxTimestamp();

  /** By the key's bytes as Latin-1 characters. */
  @StateId("entities")
  private final StateSpec<MapState<String, EntityState>> entitiesSpec =
      StateSpecs.map(StringUtf8Coder.of(), new EntityStateCoder());

  /** The keys of those of which there is something to say. */
  @StateId("pending")
  private final StateSpec<BagState<String>> pendingSpec = StateSpecs.bag(StringUtf8Coder.of());

  /** Where the watermark is held for them. */
  @StateId("held")
  private final StateSpec<ValueState<Long>> heldSpec = StateSpecs.value(VarLongCoder.of());

  /** What the timer is set to that trims. */
  @StateId("trimAt")
  private final StateSpec<ValueState<Long>> trimAtSpec = StateSpecs.value(VarLongCoder.of());

  @TimerId("trim")
  private final TimerSpec trimSpec = TimerSpecs.timer(TimeDomain.EVENT_TIME);

  /** Says what is pending when the clock has come to it. */
  @TimerId("clock")
  private final TimerSpec clockSpec = TimerSpecs.timer(TimeDomain.PROCESSING_TIME);

  /** Says what is pending when the watermark has come to it, or to the end. */
  @TimerId("time")
  private final TimerSpec timeSpec = TimerSpecs.timer(TimeDomain.EVENT_TIME);

  private final Coder<K> keyCoder;
  private final EventOrder<E> order;
  private final Evolver<S, E> evolver;
  private final Emission emission;
  private final long trimInterval;
  private final TupleTag<KV<K, E>> tooLateTag;
  private final TupleTag<KV<K, Evolved<S>>> entitiesTag;
  private final RunCounter repeated = RunCounter.named("events_repeated");
  private final RunCounter tooLate = RunCounter.named("events_too_late");

  EvolveEntityFn(
      Coder<K> keyCoder,
      EventOrder<E> order,
      Evolver<S, E> evolver,
      Emission emission,
      long trimInterval,
      TupleTag<KV<K, Evolved<S>>> entitiesTag,
      TupleTag<KV<K, E>> tooLateTag) {
    this.keyCoder = keyCoder;
    this.order = order;
    this.evolver = evolver;
    this.emission = emission;
    this.trimInterval = trimInterval;
    this.entitiesTag = entitiesTag;
    this.tooLateTag = tooLateTag;
  }

  private record Arrival(KeptEvent event, long timestamp) {}

  @ProcessElement
  public void process(
      @Element KV<Integer, byte[]> packet,
      @Timestamp Instant timestamp,
      @StateId("entities") MapState<String, EntityState> entities,
      @StateId("pending") BagState<String> pending,
      @StateId("held") ValueState<Long> held,
      @StateId("trimAt") ValueState<Long> trimAt,
      @TimerId("trim") Timer trim,
      @TimerId("clock") Timer clock,
      @TimerId("time") Timer time,
      MultiOutputReceiver out) {
    long watermark = trim.getCurrentRelativeTime().getMillis();
    long due = Evolver.NEVER;
    int same = 0;
    List<String> changed = new ArrayList<>();
    for (Map.Entry<String, List<Arrival>> arrivals : read(packet.getValue()).entrySet()) {
      String key = arrivals.getKey();
      EntityState known = entities.get(key).read();
      EntityState before = evolver.trim(known == null ? EntityState.NEW : known, watermark);
      List<KeptEvent> inTime = inTime(key, before, arrivals.getValue(), watermark, out);
      EntityState after = evolver.keep(before, inTime);
      same += inTime.size() - (after.kept().size() - before.kept().size());
      if (after.is(before)) {
        continue;
      }
      if (emission.isPerChange()) {
        after = say(key, after, timestamp, out.get(entitiesTag));
      } else if (!before.isPending()) {
        changed.add(key);
      }
      entities.put(key, after);
      due = Math.min(due, evolver.due(after));
    }
    if (!changed.isEmpty()) {
      if (pending.isEmpty().read()) {
        emission.arm(clock, time, timestamp, watermark);
        held.write(timestamp.getMillis());
      }
      changed.forEach(pending::add);
    }
    repeated.add(same);
    arm(trim, trimAt, due, watermark);
  }

  private Map<String, List<Arrival>> read(byte[] packet) {
    Map<String, List<Arrival>> arrivals = new LinkedHashMap<>();
    PacketReader reader = new PacketReader(packet);
    while (reader.next()) {
      String key =
          new String(
              reader.buffer(), reader.keyOffset(), reader.keyLength(), StandardCharsets.ISO_8859_1);
      arrivals
          .computeIfAbsent(key, any -> new ArrayList<>())
          .add(new Arrival(order.read(reader), reader.timestamp()));
    }
    return arrivals;
  }

  /** Hands over what is too late, and answers the others. */
  private List<KeptEvent> inTime(
      String key,
      EntityState state,
      List<Arrival> arrivals,
      long watermark,
      MultiOutputReceiver out) {
    List<KeptEvent> inTime = new ArrayList<>(arrivals.size());
    for (Arrival arrival : arrivals) {
      if (evolver.isTooLate(state, arrival.event(), watermark)) {
        out.get(tooLateTag)
            .outputWithTimestamp(
                KV.of(key(key), evolver.event(arrival.event())),
                Instant.ofEpochMilli(arrival.timestamp()));
      } else {
        inTime.add(arrival.event());
      }
    }
    tooLate.add(arrivals.size() - inTime.size());
    return inTime;
  }

  /** Says an entity, and answers its state after that. */
  private EntityState say(
      String key, EntityState state, Instant least, OutputReceiver<KV<K, Evolved<S>>> out) {
    EntityState whole = evolver.fold(state);
    Folded current = whole.current();
    long revision = evolver.nextRevision(whole);
    Instant asOf = Instant.ofEpochMilli(current.newest());
    Instant timestamp = asOf.isBefore(least) ? least : asOf.isAfter(END) ? END : asOf;
    out.outputWithTimestamp(
        KV.of(key(key), new Evolved<>(evolver.entity(current), revision, asOf, current.events())),
        timestamp);
    return whole.said(revision);
  }

  private K key(String key) {
    return Evolver.decode(keyCoder, key.getBytes(StandardCharsets.ISO_8859_1));
  }

  @OnTimer("clock")
  public void onClock(
      @StateId("entities") MapState<String, EntityState> entities,
      @StateId("pending") BagState<String> pending,
      @StateId("held") ValueState<Long> held,
      @TimerId("time") Timer time,
      OutputReceiver<KV<K, Evolved<S>>> out) {
    if (!pending.isEmpty().read()) {
      sayPending(entities, pending, held, out);
      Emission.release(time);
    }
  }

  @OnTimer("time")
  public void onTime(
      @StateId("entities") MapState<String, EntityState> entities,
      @StateId("pending") BagState<String> pending,
      @StateId("held") ValueState<Long> held,
      OutputReceiver<KV<K, Evolved<S>>> out) {
    if (!pending.isEmpty().read()) {
      sayPending(entities, pending, held, out);
    }
  }

  private void sayPending(
      MapState<String, EntityState> entities,
      BagState<String> pending,
      ValueState<Long> held,
      OutputReceiver<KV<K, Evolved<S>>> out) {
    Instant least = Instant.ofEpochMilli(held.read());
    List<String> keys = new ArrayList<>();
    pending.read().forEach(keys::add);
    pending.clear();
    for (String key : keys) {
      entities.put(key, say(key, entities.get(key).read(), least, out));
    }
  }

  @OnTimer("trim")
  public void onTrim(
      @StateId("entities") MapState<String, EntityState> entities,
      @StateId("trimAt") ValueState<Long> trimAt,
      @TimerId("trim") Timer trim) {
    long watermark = trim.getCurrentRelativeTime().getMillis();
    trimAt.clear();
    Map<String, EntityState> known = new LinkedHashMap<>();
    entities.entries().read().forEach(entry -> known.put(entry.getKey(), entry.getValue()));
    long due = Evolver.NEVER;
    for (Map.Entry<String, EntityState> entity : known.entrySet()) {
      EntityState after = evolver.trim(entity.getValue(), watermark);
      if (evolver.isForgotten(after, watermark)) {
        entities.remove(entity.getKey());
        continue;
      }
      if (!after.is(entity.getValue())) {
        entities.put(entity.getKey(), after);
      }
      due = Math.min(due, evolver.due(after));
    }
    arm(trim, trimAt, due, watermark);
  }

  /**
   * Sets the timer that trims, not oftener than is worth a look at the whole bucket, and never at
   * the end: Flink's batch mode holds the watermark for timers that timers set, and fires none.
   */
  private void arm(Timer trim, ValueState<Long> trimAt, long due, long watermark) {
    if (due == Evolver.NEVER || watermark >= END.getMillis()) {
      return;
    }
    long at = Math.min(END.getMillis(), Math.max(due, watermark + trimInterval));
    Long set = trimAt.read();
    if (set == null || at < set) {
      trim.set(Instant.ofEpochMilli(at));
      trimAt.write(at);
    }
  }

  /** The clock's timer holds no watermark; that of event time does. */
  @SuppressWarnings("deprecation")
  @Override
  public Duration getAllowedTimestampSkew() {
    return OpenBlocks.SKEW;
  }
}
