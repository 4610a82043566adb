package io.millrace.benchmarks.flink;

import java.io.IOException;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;

/** Lets a change through if it is newer than all of its order's before it. */
final class NewestFunction extends KeyedProcessFunction<Long, OrderChange, OrderChange> {
  private static final long serialVersionUID = 1L;

  private transient ValueState<NewestPosition> newest;

  @Override
  public void open(OpenContext context) {
    newest =
        getRuntimeContext()
            .getState(new ValueStateDescriptor<>("newest", NewestPosition.Serializer.INSTANCE));
  }

  @Override
  public void processElement(OrderChange change, Context context, Collector<OrderChange> out)
      throws IOException {
    NewestPosition known = newest.value();
    if (known == null) {
      newest.update(NewestPosition.of(change));
    } else if (known.isBefore(change)) {
      known.set(change);
      newest.update(known);
    } else {
      return;
    }
    out.collect(change);
  }
}
