package io.millrace.transforms.view;

import java.io.Serializable;
import org.apache.beam.sdk.transforms.DoFn.OutputReceiver;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.TupleTag;

/**
 * A table in the FROM of a view's query.
 *
 * @param place in the query, from 0
 * @param tag of the changes of its rows
 */
record ViewInput(ViewPlan plan, int place, TupleTag<KV<byte[], byte[]>> tag)
    implements Serializable {

  /** The table's place in the {@link UsedTables}. */
  int table() {
    return plan.inputs().get(place);
  }

  /** Hands a row over to the join that it comes to first. */
  void output(byte[] row, long weight, OutputReceiver<KV<byte[], byte[]>> out) {
    if (place == 0) {
      NextJoin.outputLeft(plan, 0, row, weight, out);
    } else {
      NextJoin.outputRight(plan, place - 1, row, weight, out);
    }
  }
}
