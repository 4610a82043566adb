package io.millrace.transforms.cdc;

import io.millrace.schemas.ChangeEventReader;
import io.millrace.schemas.Position;
import io.millrace.schemas.wire.ByteReader;
import io.millrace.schemas.wire.ByteWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.state.MapState;
import org.apache.beam.sdk.state.StateSpec;
import org.apache.beam.sdk.state.StateSpecs;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.KV;

/** Merges a bucket's blocks against rows that are an entry of map state each. */
final class MergeRowFn extends DoFn<KV<Integer, byte[]>, KV<byte[], byte[]>> {
  private static final long serialVersionUID = 1L;
  private static final int VERSION = 1;

  @StateId("rows")
  private final StateSpec<MapState<String, byte[]>> rowsSpec =
      StateSpecs.map(StringUtf8Coder.of(), ByteArrayCoder.of());

  private final Deletes deletes;
  private final boolean history;
  private final MergeTally tally = new MergeTally();

  MergeRowFn(Deletes deletes, boolean history) {
    this.deletes = deletes;
    this.history = history;
  }

  @StartBundle
  public void startBundle() {
    tally.startBundle();
  }

  @ProcessElement
  public void process(
      @Element KV<Integer, byte[]> block,
      @StateId("rows") MapState<String, byte[]> rows,
      OutputReceiver<KV<byte[], byte[]>> out) {
    MergedBlock merged = new MergedBlock(block.getValue());
    ChangeEventReader change = new ChangeEventReader(block.getValue());
    for (int place = 0; change.next(); place++) {
      if (change.operation().isOfTable()) {
        merged.letThrough(place);
        continue;
      }
      Outcome outcome = offer(change, rows);
      tally.table(change.table()).add(outcome);
      if (outcome.isWanted(history)) {
        merged.letThrough(place);
      }
    }
    merged.output(out);
  }

  @FinishBundle
  public void finishBundle(FinishBundleContext context) {
    tally.finishBundle(context);
  }

  private Outcome offer(ChangeEventReader change, MapState<String, byte[]> rows) {
    String row = row(change);
    int start = change.positionStart();
    Position position =
        Position.of(Arrays.copyOfRange(change.buffer(), start, start + change.positionLength()));
    byte[] known = rows.get(row).read();
    RowState state;
    Outcome outcome;
    if (known == null) {
      state = RowState.first(change.operation(), change.unchanged(), position, deletes);
      outcome = Outcome.ACCEPTED;
    } else {
      ByteReader in = new ByteReader(known);
      int version = in.readByte();
      if (version != VERSION) {
        throw new IllegalStateException("Merge state of version " + version + " is not known");
      }
      state = RowState.decode(in);
      outcome = state.offer(change.operation(), change.unchanged(), position, deletes);
    }
    if (outcome == Outcome.ACCEPTED) {
      ByteWriter encoded = new ByteWriter(48);
      encoded.writeByte(VERSION);
      state.encode(encoded);
      rows.put(row, encoded.toByteArray());
    }
    return outcome;
  }

  /** The table, a NUL, and the key's bytes as Latin-1 characters: equal only for equal rows. */
  private static String row(ChangeEventReader change) {
    return change.table()
        + '\0'
        + new String(
            change.buffer(), change.keyStart(), change.keyLength(), StandardCharsets.ISO_8859_1);
  }
}
