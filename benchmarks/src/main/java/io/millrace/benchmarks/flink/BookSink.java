package io.millrace.benchmarks.flink;

import io.millrace.benchmarks.orders.OrderBook;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.streaming.api.functions.sink.RichSinkFunction;

/** Counts changes in this JVM's {@link OrderBook}. */
final class BookSink extends RichSinkFunction<OrderChange> {
  private static final long serialVersionUID = 1L;

  private transient OrderBook book;

  @Override
  public void open(OpenContext context) {
    book = OrderBook.shared();
  }

  @Override
  public void invoke(OrderChange change, Context context) {
    book.put(
        change.id, change.commitLsn, change.streamed, change.lsn, change.order, change.isDelete());
  }
}
