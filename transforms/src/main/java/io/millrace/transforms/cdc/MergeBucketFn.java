package io.millrace.transforms.cdc;

import io.millrace.schemas.ChangeEvent;
import io.millrace.schemas.ChangeEventReader;
import io.millrace.schemas.Operation;
import org.apache.beam.sdk.state.StateSpec;
import org.apache.beam.sdk.state.StateSpecs;
import org.apache.beam.sdk.state.ValueState;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.KV;

/** Merges a bucket's blocks against all its rows, which are one value of state. */
final class MergeBucketFn extends DoFn<KV<Integer, byte[]>, ChangeEvent> {
  private static final long serialVersionUID = 1L;

  @StateId("rows")
  private final StateSpec<ValueState<RowStates>> rowsSpec = StateSpecs.value(new RowStatesCoder());

  private final Deletes deletes;
  private final MergeTally tally = new MergeTally();

  MergeBucketFn(Deletes deletes) {
    this.deletes = deletes;
  }

  @StartBundle
  public void startBundle() {
    tally.startBundle();
  }

  @ProcessElement
  public void process(
      @Element KV<Integer, byte[]> block,
      @StateId("rows") ValueState<RowStates> state,
      OutputReceiver<ChangeEvent> out) {
    RowStates rows = state.read();
    if (rows == null) {
      rows = new RowStates();
    }
    ChangeEventReader change = new ChangeEventReader(block.getValue());
    while (change.next()) {
      if (change.operation() == Operation.TRUNCATE) {
        out.output(change.event());
        continue;
      }
      Outcome outcome = rows.offer(change, deletes);
      tally.table(change.table()).add(outcome);
      if (outcome == Outcome.ACCEPTED) {
        out.output(change.event());
      }
    }
    state.write(rows);
  }

  @FinishBundle
  public void finishBundle(FinishBundleContext context) {
    tally.finishBundle(context);
  }
}
