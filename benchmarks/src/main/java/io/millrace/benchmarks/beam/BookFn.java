package io.millrace.benchmarks.beam;

import io.millrace.benchmarks.orders.OrderBook;
import io.millrace.schemas.ChangeEvent;
import io.millrace.schemas.Operation;
import io.millrace.schemas.wire.ByteReader;
import org.apache.beam.sdk.transforms.DoFn;

/** Counts changes in this JVM's {@link OrderBook}. */
final class BookFn extends DoFn<ChangeEvent, Void> {
  private static final long serialVersionUID = 1L;

  private transient OrderBook book;

  @Setup
  public void setup() {
    book = OrderBook.shared();
  }

  /** Takes the position apart: epoch, last commit's LSN, snapshot or streamed, LSN, order. */
  @ProcessElement
  public void process(@Element ChangeEvent change) {
    byte[] position = change.position().bytes();
    int at = 1 + (position[0] & 0x7F);
    long commitLsn = number(position, at);
    at += 1 + (position[at] & 0x7F);
    int streamed = position[at++];
    long lsn = number(position, at);
    at += 1 + (position[at] & 0x7F);
    long order = number(position, at);
    long id = new ByteReader(change.key().bytes()).readZigzag();
    book.put(id, commitLsn, streamed, lsn, order, change.operation() == Operation.DELETE);
  }

  /** A number of a position: a byte that tells its length, then its bytes. */
  private static long number(byte[] position, int at) {
    long number = 0;
    for (int i = 1; i <= (position[at] & 0x7F); i++) {
      number = number << 8 | (position[at + i] & 0xFF);
    }
    return number;
  }
}
