package io.millrace.transforms.cdc;

import io.millrace.schemas.ChangeEventReader;
import org.apache.beam.sdk.state.StateSpec;
import org.apache.beam.sdk.state.StateSpecs;
import org.apache.beam.sdk.state.ValueState;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.KV;

/** Merges a bucket's blocks against all its rows, which are one value of state. */
final class MergeBucketFn extends DoFn<KV<Integer, byte[]>, KV<byte[], byte[]>> {
  private static final long serialVersionUID = 1L;

  @StateId("rows")
  private final StateSpec<ValueState<RowStates>> rowsSpec = StateSpecs.value(new RowStatesCoder());

  private final Deletes deletes;
  private final boolean history;
  private final MergeTally tally = new MergeTally();

  MergeBucketFn(Deletes deletes, boolean history) {
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
      @StateId("rows") ValueState<RowStates> state,
      OutputReceiver<KV<byte[], byte[]>> out) {
    RowStates rows = state.read();
    if (rows == null) {
      rows = new RowStates();
    }
    MergedBlock merged = new MergedBlock(block.getValue());
    ChangeEventReader change = new ChangeEventReader(block.getValue());
    for (int place = 0; change.next(); place++) {
      if (change.operation().isOfTable()) {
        merged.letThrough(place);
        continue;
      }
      Outcome outcome = rows.offer(change, deletes);
      tally.table(change.table()).add(outcome);
      if (outcome.isWanted(history)) {
        merged.letThrough(place);
      }
    }
    merged.output(out);
    state.write(rows);
  }

  @FinishBundle
  public void finishBundle(FinishBundleContext context) {
    tally.finishBundle(context);
  }
}
