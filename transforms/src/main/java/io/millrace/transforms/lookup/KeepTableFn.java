package io.millrace.transforms.lookup;

import io.millrace.transforms.block.PacketReader;
import io.millrace.transforms.quality.RunCounter;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.apache.beam.sdk.coders.Coder;
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

/** Keeps a table by its changes, in one place, and makes a version of it when some have come. */
final class KeepTableFn<R> extends DoFn<KV<Integer, byte[]>, byte[]> {
  private static final long serialVersionUID = 1L;
  private static final Instant END = GlobalWindow.INSTANCE.maxTimestamp();

  /** By the key's bytes as Latin-1 characters. */
  @StateId("rows")
  private final StateSpec<MapState<String, KeptRow>> rowsSpec =
      StateSpecs.map(StringUtf8Coder.of(), new KeptRowCoder());

  /** The newest version. */
  @StateId("version")
  private final StateSpec<ValueState<Long>> versionSpec = StateSpecs.value(VarLongCoder.of());

  /** How many changes are in no version yet. */
  @StateId("changes")
  private final StateSpec<ValueState<Long>> changesSpec = StateSpecs.value(VarLongCoder.of());

  @TimerId("clock")
  private final TimerSpec clockSpec = TimerSpecs.timer(TimeDomain.PROCESSING_TIME);

  /** For bounded input, during which no clock strikes. */
  @TimerId("end")
  private final TimerSpec endSpec = TimerSpecs.timer(TimeDomain.EVENT_TIME);

  private final String table;
  private final Coder<R> rowCoder;
  private final Duration interval;
  private final SizeLimit limit;
  private final RunCounter made = RunCounter.named("lookup_tables_loaded");

  KeepTableFn(String table, Coder<R> rowCoder, Duration interval, SizeLimit limit) {
    this.table = table;
    this.rowCoder = rowCoder;
    this.interval = interval;
    this.limit = limit;
  }

  @ProcessElement
  public void process(
      @Element KV<Integer, byte[]> packet,
      @StateId("rows") MapState<String, KeptRow> rows,
      @StateId("changes") ValueState<Long> changes,
      @TimerId("clock") Timer clock,
      @TimerId("end") Timer end) {
    Long before = changes.read();
    long count = before == null ? 0 : before;
    PacketReader reader = new PacketReader(packet.getValue());
    while (reader.next()) {
      String key =
          new String(
              reader.buffer(), reader.keyOffset(), reader.keyLength(), StandardCharsets.ISO_8859_1);
      KeptRow known = rows.get(key).read();
      if (known == null || known.timestamp() <= reader.timestamp()) {
        boolean isGone = reader.value(rowCoder) == null;
        rows.put(key, new KeptRow(reader.timestamp(), isGone ? null : reader.copyValue()));
        count++;
      }
    }
    if (count > 0) {
      changes.write(count);
    }
    if (before == null && count > 0) {
      clock.offset(interval).setRelative();
      end.set(END);
    }
  }

  @OnTimer("clock")
  public void onClock(
      @StateId("rows") MapState<String, KeptRow> rows,
      @StateId("version") ValueState<Long> version,
      @StateId("changes") ValueState<Long> changes,
      OutputReceiver<byte[]> out) {
    makeVersion(rows, version, changes, out);
  }

  @OnTimer("end")
  public void onEnd(
      @StateId("rows") MapState<String, KeptRow> rows,
      @StateId("version") ValueState<Long> version,
      @StateId("changes") ValueState<Long> changes,
      OutputReceiver<byte[]> out) {
    makeVersion(rows, version, changes, out);
  }

  private void makeVersion(
      MapState<String, KeptRow> rows,
      ValueState<Long> version,
      ValueState<Long> changes,
      OutputReceiver<byte[]> out) {
    if (changes.read() == null) {
      return;
    }
    Long before = version.read();
    long now = System.currentTimeMillis();
    long next = before == null ? now : Math.max(now, before + 1);
    SnapshotWriter snapshot = new SnapshotWriter(table, next, limit);
    for (Map.Entry<String, KeptRow> kept : rows.entries().read()) {
      byte[] row = kept.getValue().row();
      if (row != null) {
        snapshot.add(kept.getKey().getBytes(StandardCharsets.ISO_8859_1), row);
      }
    }
    out.output(snapshot.finish());
    version.write(next);
    changes.clear();
    made.add(1);
  }
}
