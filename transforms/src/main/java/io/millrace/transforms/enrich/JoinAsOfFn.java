package io.millrace.transforms.enrich;

import io.millrace.transforms.block.OpenBlocks;
import io.millrace.transforms.block.PacketReader;
import java.util.function.Consumer;
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
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.values.KV;
import org.joda.time.Duration;
import org.joda.time.Instant;

/** Joins packets of facts and of a table's versions, of a bucket of keys. */
final class JoinAsOfFn<K, F, D> extends DoFn<KV<Integer, byte[]>, KV<K, Enriched<F, D>>> {
  private static final long serialVersionUID = 1L;

  /** The sides of packets. */
  static final int FACTS = 1;

  static final int TABLE = 2;

  /** The last time that a timer can be set to on every runner. */
  private static final long END =
      BoundedWindow.TIMESTAMP_MAX_VALUE.minus(Duration.standardDays(2)).getMillis();

  /** {@link Versions} by the key's bytes as Latin-1 characters. */
  @StateId("versions")
  private final StateSpec<MapState<String, byte[]>> versionsSpec =
      StateSpecs.map(StringUtf8Coder.of(), ByteArrayCoder.of());

  /** Packets of facts by the ids of {@link FactChunk}. */
  @StateId("facts")
  private final StateSpec<MapState<Long, byte[]>> factsSpec =
      StateSpecs.map(VarLongCoder.of(), ByteArrayCoder.of());

  @StateId("bucket")
  private final StateSpec<ValueState<BucketState>> bucketSpec =
      StateSpecs.value(new BucketStateCoder());

  @TimerId("due")
  private final TimerSpec dueSpec = TimerSpecs.timer(TimeDomain.EVENT_TIME);

  private final AsOfRules rules;
  private final AnswerOutput.Outputs<K, F, D> outputs;

  JoinAsOfFn(AsOfRules rules, AnswerOutput.Outputs<K, F, D> outputs) {
    this.rules = rules;
    this.outputs = outputs;
  }

  @ProcessElement
  public void process(
      @Element KV<Integer, byte[]> packet,
      @StateId("versions") MapState<String, byte[]> versions,
      @StateId("facts") MapState<Long, byte[]> facts,
      @StateId("bucket") ValueState<BucketState> bucket,
      @TimerId("due") Timer due,
      MultiOutputReceiver out) {
    boolean isOfTable = new PacketReader(packet.getValue()).side() == TABLE;
    call(
        versions,
        facts,
        bucket,
        due,
        false,
        out,
        join -> {
          if (isOfTable) {
            join.addVersions(packet.getValue());
          } else {
            join.addFacts(packet.getValue());
          }
        });
  }

  @OnTimer("due")
  public void onDue(
      @StateId("versions") MapState<String, byte[]> versions,
      @StateId("facts") MapState<Long, byte[]> facts,
      @StateId("bucket") ValueState<BucketState> bucket,
      @TimerId("due") Timer due,
      MultiOutputReceiver out) {
    call(versions, facts, bucket, due, true, out, join -> {});
  }

  private void call(
      MapState<String, byte[]> versions,
      MapState<Long, byte[]> facts,
      ValueState<BucketState> state,
      Timer due,
      boolean isTimer,
      MultiOutputReceiver out,
      Consumer<AsOfBucket<K, D>> work) {
    BucketState known = state.read();
    BucketState before = known == null ? BucketState.NEW : known;
    long now = due.getCurrentRelativeTime().getMillis();
    // A watermark begins anew after a restart; what was done at the one before stays done.
    long watermark = now >= END ? Long.MAX_VALUE : Math.max(now, before.watermark());
    KnownRows<K, D> rows = new KnownRows<>(versions, before);
    FactChunks chunks = new FactChunks(facts, before);
    AnswerOutput<K, F, D> answers = new AnswerOutput<>(outputs, out);
    AsOfBucket<K, D> join = new AsOfBucket<>(rules, rows, chunks, answers, watermark);
    join.advance();
    work.accept(join);
    answers.finish();
    long dueAt = join.due();
    long held = join.held();
    long armed = isTimer ? BucketState.NEVER : before.armed();
    if (dueAt != armed || held != before.held()) {
      arm(due, dueAt, held, armed);
    }
    state.write(
        new BucketState(
            watermark, dueAt, held, rows.count(), rows.swept(), chunks.nextId(), chunks.all()));
  }

  /** Sets the timer. One that is not wanted any more is moved to the end: it cannot be cleared. */
  private static void arm(Timer timer, long due, long held, long armed) {
    if (due == BucketState.NEVER && armed == BucketState.NEVER) {
      return;
    }
    Instant at = Instant.ofEpochMilli(due >= END ? END : due + 1);
    (held == BucketState.NEVER
            ? timer.withNoOutputTimestamp()
            : timer.withOutputTimestamp(Instant.ofEpochMilli(Math.min(held, END))))
        .set(at);
  }

  /** Facts that waited, and corrections, are older than what led to them. */
  @SuppressWarnings("deprecation")
  @Override
  public Duration getAllowedTimestampSkew() {
    return OpenBlocks.SKEW;
  }
}
