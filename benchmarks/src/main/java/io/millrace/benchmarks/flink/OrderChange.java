package io.millrace.benchmarks.flink;

/** A change of an order, filled again and again; its row stays the bytes that came. */
final class OrderChange {
  long id;
  char operation;
  long commitLsn;
  int streamed;
  long lsn;
  long order;
  long committedAtMillis;
  byte[] row;
  int rowLength;

  /**
   * An empty one.
   *
   * @param capacity for its row, which grows where needed
   */
  OrderChange(int capacity) {
    row = new byte[capacity];
  }

  void clear() {
    id = 0;
    operation = ' ';
    commitLsn = 0;
    streamed = 1;
    lsn = 0;
    order = 0;
    committedAtMillis = 0;
    rowLength = 0;
  }

  boolean isDelete() {
    return operation == 'd';
  }

  void setRow(byte[] from, int start, int length) {
    ensureRow(length);
    System.arraycopy(from, start, row, 0, length);
    rowLength = length;
  }

  void ensureRow(int length) {
    if (row.length < length) {
      row = new byte[length];
    }
  }

  void copyTo(OrderChange other) {
    other.id = id;
    other.operation = operation;
    other.commitLsn = commitLsn;
    other.streamed = streamed;
    other.lsn = lsn;
    other.order = order;
    other.committedAtMillis = committedAtMillis;
    other.setRow(row, 0, rowLength);
  }

  OrderChange copy() {
    OrderChange copy = new OrderChange(rowLength);
    copyTo(copy);
    return copy;
  }
}
