package io.millrace.transforms.view;

import io.millrace.schemas.wire.ByteReader;
import io.millrace.schemas.wire.ByteWriter;
import io.millrace.transforms.block.PacketReader;
import io.millrace.transforms.quality.RunCounter;
import java.util.Map;
import java.util.TreeMap;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.state.MapState;
import org.apache.beam.sdk.state.StateSpec;
import org.apache.beam.sdk.state.StateSpecs;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.Row;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Sums up the changes of each of a view's rows, and hands over the row that comes of them, when it
 * is another than before. Between, there may be two rows of a key, or less than none; of several
 * the one whose bytes are least holds.
 *
 * <p>State of a key: a version (1), the revision, and the rows with their weights. The revision is
 * kept for ever, since a row may come back.
 */
final class SettleFn extends DoFn<KV<Integer, byte[]>, Row> {
  private static final long serialVersionUID = 1L;
  private static final int VERSION = 1;

  @StateId("rows")
  private final StateSpec<MapState<String, byte[]>> rowsSpec =
      StateSpecs.map(StringUtf8Coder.of(), ByteArrayCoder.of());

  private final ViewRows viewRows;
  private final RunCounter shared = RunCounter.named("view_keys_shared");

  SettleFn(ViewRows viewRows) {
    this.viewRows = viewRows;
  }

  @ProcessElement
  public void process(
      @Element KV<Integer, byte[]> packet,
      @StateId("rows") MapState<String, byte[]> rows,
      OutputReceiver<Row> out) {
    Delta.read(new PacketReader(packet.getValue()))
        .forEach(
            (key, deltas) -> {
              if (!deltas.isEmpty()) {
                settle(key, deltas, rows, out);
              }
            });
  }

  private void settle(
      String key,
      Map<String, Long> deltas,
      MapState<String, byte[]> state,
      OutputReceiver<Row> out) {
    byte @Nullable [] known = state.get(key).read();
    long revision = 0;
    Map<String, Long> rows = new TreeMap<>();
    if (known != null) {
      ByteReader in = new ByteReader(known);
      int version = in.readByte();
      if (version != VERSION) {
        throw new IllegalStateException(
            "A row of a view has version " + version + ", which this code does not know");
      }
      revision = in.readVarint();
      while (in.hasRemaining()) {
        long weight = in.readZigzag();
        int length = in.readLength();
        rows.put(Delta.text(known, in.skip(length), length), weight);
      }
    }
    String before = current(rows);
    boolean wasShared = isShared(rows);
    deltas.forEach((row, weight) -> rows.merge(row, weight, Delta::sum));
    String after = current(rows);
    if (wasShared != isShared(rows)) {
      shared.add(wasShared ? -1 : 1);
    }
    if (after == null ? before != null : !after.equals(before)) {
      revision++;
      String row = after == null ? before : after;
      out.output(viewRows.output(Delta.bytes(row), revision, after == null));
    }
    ByteWriter encoded = new ByteWriter(64);
    encoded.writeByte(VERSION);
    encoded.writeVarint(revision);
    rows.forEach(
        (row, weight) -> {
          encoded.writeZigzag(weight);
          encoded.writeBytes(Delta.bytes(row));
        });
    state.put(key, encoded.toByteArray());
  }

  /** Whether the key identifies more than one row, as it may for a while. */
  private static boolean isShared(Map<String, Long> rows) {
    return rows.values().stream().filter(weight -> weight > 0).mapToLong(weight -> weight).sum()
        > 1;
  }

  private static @Nullable String current(Map<String, Long> rows) {
    for (Map.Entry<String, Long> row : rows.entrySet()) {
      if (row.getValue() > 0) {
        return row.getKey();
      }
    }
    return null;
  }
}
