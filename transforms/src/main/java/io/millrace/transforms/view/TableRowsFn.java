package io.millrace.transforms.view;

import io.millrace.schemas.ChangeEventReader;
import io.millrace.schemas.Operation;
import io.millrace.schemas.Position;
import io.millrace.transforms.cdc.Deletes;
import io.millrace.transforms.cdc.MergeTally;
import io.millrace.transforms.cdc.Outcome;
import io.millrace.transforms.cdc.RowState;
import io.millrace.transforms.quality.ChangeCounts;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.state.MapState;
import org.apache.beam.sdk.state.StateSpec;
import org.apache.beam.sdk.state.StateSpecs;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.windowing.GlobalWindow;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.TupleTag;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Keeps the rows of a bucket's keys as the changes make them, in whatever order these come, and
 * hands over how the rows change: the row that is no more, once less, and the new one, once more.
 */
final class TableRowsFn extends DoFn<KV<Integer, byte[]>, KV<byte[], byte[]>> {
  private static final long serialVersionUID = 1L;

  /** {@link StoredRow}s by table, a NUL and key. */
  @StateId("rows")
  private final StateSpec<MapState<String, byte[]>> rowsSpec =
      StateSpecs.map(StringUtf8Coder.of(), ByteArrayCoder.of());

  /** Up to where a table's rows are gone, unless a later change brought them back. */
  @StateId("ends")
  private final StateSpec<MapState<String, byte[]>> endsSpec =
      StateSpecs.map(StringUtf8Coder.of(), ByteArrayCoder.of());

  private final ArrayList<ViewTable> tables;
  private final ArrayList<ViewInput> inputs;
  private final TupleTag<KV<String, ChangeCounts>> counts;
  private final MergeTally tally = new MergeTally();
  private transient Map<String, TableRowReader> readers;
  private transient Map<String, List<ViewInput>> inputsByTable;

  /**
   * Keeps the rows of tables.
   *
   * @param inputs who is told of them
   * @param counts the output for what became of the changes
   */
  TableRowsFn(
      List<ViewTable> tables, List<ViewInput> inputs, TupleTag<KV<String, ChangeCounts>> counts) {
    this.tables = new ArrayList<>(tables);
    this.inputs = new ArrayList<>(inputs);
    this.counts = counts;
  }

  @Setup
  public void setup() {
    readers = new HashMap<>();
    inputsByTable = new HashMap<>();
    for (ViewTable table : tables) {
      readers.put(table.table().physicalName(), new TableRowReader(table));
    }
    for (ViewInput input : inputs) {
      inputsByTable
          .computeIfAbsent(
              tables.get(input.table()).table().physicalName(), name -> new ArrayList<>())
          .add(input);
    }
  }

  @StartBundle
  public void startBundle() {
    tally.startBundle();
  }

  @ProcessElement
  public void process(
      @Element KV<Integer, byte[]> block,
      @StateId("rows") MapState<String, byte[]> rows,
      @StateId("ends") MapState<String, byte[]> ends,
      MultiOutputReceiver out) {
    ChangeEventReader change = new ChangeEventReader(block.getValue());
    while (change.next()) {
      if (change.operation().isOfTable()) {
        end(change.table(), position(change), rows, ends, out);
      } else {
        tally.table(change.table()).add(take(change, rows, ends, out));
      }
    }
  }

  private Outcome take(
      ChangeEventReader change,
      MapState<String, byte[]> rows,
      MapState<String, byte[]> ends,
      MultiOutputReceiver out) {
    String name =
        prefix(change.table()) + Delta.text(change.buffer(), change.keyStart(), change.keyLength());
    Position position = position(change);
    byte @Nullable [] known = rows.get(name).read();
    StoredRow stored = known == null ? ended(change.table(), ends) : StoredRow.decode(known);
    RowState state;
    if (stored == null) {
      state = RowState.first(change.operation(), change.unchanged(), position, Deletes.HARD);
    } else {
      state = stored.state();
      Outcome outcome = state.offer(change.operation(), change.unchanged(), position, Deletes.HARD);
      if (outcome != Outcome.ACCEPTED) {
        return outcome;
      }
    }
    byte @Nullable [] before = stored == null ? null : stored.row();
    byte @Nullable [] after =
        readers.get(change.table()).read(change.event().after(), position, state, before);
    rows.put(name, new StoredRow(state, after).encode());
    output(change.table(), before, after, out);
    return Outcome.ACCEPTED;
  }

  /** A row of which nothing is known but that its table ended; null if it did not. */
  private static @Nullable StoredRow ended(String table, MapState<String, byte[]> ends) {
    byte @Nullable [] end = ends.get(table).read();
    if (end == null) {
      return null;
    }
    Position position = Position.of(end);
    return new StoredRow(RowState.first(Operation.DELETE, List.of(), position, Deletes.HARD), null);
  }

  /** Takes away all rows of a table that are not of a later change. */
  private void end(
      String table,
      Position position,
      MapState<String, byte[]> rows,
      MapState<String, byte[]> ends,
      MultiOutputReceiver out) {
    byte[] end = ends.get(table).read();
    if (end != null && !position.isAfter(Position.of(end))) {
      return;
    }
    ends.put(table, position.bytes());
    Map<String, StoredRow> ended = new HashMap<>();
    for (Map.Entry<String, byte[]> row : rows.entries().read()) {
      if (row.getKey().startsWith(prefix(table))) {
        StoredRow stored = StoredRow.decode(row.getValue());
        if (stored.state().offer(Operation.DELETE, List.of(), position, Deletes.HARD)
            == Outcome.ACCEPTED) {
          ended.put(row.getKey(), stored);
        }
      }
    }
    ended.forEach(
        (name, stored) -> {
          byte @Nullable [] after =
              readers.get(table).read(null, position, stored.state(), stored.row());
          rows.put(name, new StoredRow(stored.state(), after).encode());
          output(table, stored.row(), after, out);
        });
  }

  private void output(
      String table, byte @Nullable [] before, byte @Nullable [] after, MultiOutputReceiver out) {
    if (Arrays.equals(before, after)) {
      return;
    }
    for (ViewInput input : inputsByTable.get(table)) {
      OutputReceiver<KV<byte[], byte[]>> to = out.get(input.tag());
      if (before != null) {
        input.output(JoinedRow.of(before), -1, to);
      }
      if (after != null) {
        input.output(JoinedRow.of(after), 1, to);
      }
    }
  }

  @FinishBundle
  public void finishBundle(FinishBundleContext context) {
    tally.finishBundle(
        (table, outcomes) ->
            context.output(
                counts,
                KV.of(table, outcomes),
                GlobalWindow.INSTANCE.maxTimestamp(),
                GlobalWindow.INSTANCE));
  }

  private static String prefix(String table) {
    return table + '\0';
  }

  private static Position position(ChangeEventReader change) {
    int start = change.positionStart();
    return Position.of(Arrays.copyOfRange(change.buffer(), start, start + change.positionLength()));
  }
}
