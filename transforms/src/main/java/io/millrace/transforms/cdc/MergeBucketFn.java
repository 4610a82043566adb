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
  private final MergeCounters counters = new MergeCounters();

  MergeBucketFn(Deletes deletes) {
    this.deletes = deletes;
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
    OutcomeCounts counts = new OutcomeCounts();
    ChangeEventReader change = new ChangeEventReader(block.getValue());
    while (change.next()) {
      Outcome outcome =
          change.operation() == Operation.TRUNCATE ? Outcome.ACCEPTED : rows.offer(change, deletes);
      counts.add(outcome);
      if (outcome == Outcome.ACCEPTED) {
        out.output(change.event());
      }
    }
    state.write(rows);
    counters.add(counts);
  }
}
