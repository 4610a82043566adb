package io.millrace.transforms.window;

import io.millrace.schemas.wire.ByteReader;
import io.millrace.schemas.wire.ByteWriter;

/** Encodes a {@link RunTable}. */
final class RunTableCoder extends TableCoder<RunTable> {
  private static final long serialVersionUID = 1L;

  RunTableCoder(AccumulatorLayout layout) {
    super(layout);
  }

  @Override
  int bytes(RunTable table, AccumulatorLayout layout) {
    return table.keys().size() * 64;
  }

  @Override
  void write(RunTable table, ByteWriter out) {
    table.write(out);
  }

  @Override
  RunTable read(ByteReader in, AccumulatorLayout layout) {
    return RunTable.read(in, layout);
  }
}
