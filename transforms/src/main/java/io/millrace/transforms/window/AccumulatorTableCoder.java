package io.millrace.transforms.window;

import io.millrace.schemas.wire.ByteReader;
import io.millrace.schemas.wire.ByteWriter;

/** Encodes an {@link AccumulatorTable}. */
final class AccumulatorTableCoder extends TableCoder<AccumulatorTable> {
  private static final long serialVersionUID = 1L;

  AccumulatorTableCoder(AccumulatorLayout layout) {
    super(layout);
  }

  @Override
  int bytes(AccumulatorTable table, AccumulatorLayout layout) {
    return table.size() * (12 + layout.longs() * 8);
  }

  @Override
  void write(AccumulatorTable table, ByteWriter out) {
    table.write(out);
  }

  @Override
  AccumulatorTable read(ByteReader in, AccumulatorLayout layout) {
    return AccumulatorTable.read(in, layout);
  }
}
