package io.millrace.transforms.window;

import io.millrace.schemas.wire.ByteReader;
import io.millrace.schemas.wire.ByteWriter;

/** Encodes a {@link PaneTable}. */
final class PaneTableCoder extends TableCoder<PaneTable> {
  private static final long serialVersionUID = 1L;

  PaneTableCoder(AccumulatorLayout layout) {
    super(layout);
  }

  @Override
  int bytes(PaneTable table, AccumulatorLayout layout) {
    return table.size() * 32;
  }

  @Override
  void write(PaneTable table, ByteWriter out) {
    table.write(out);
  }

  @Override
  PaneTable read(ByteReader in, AccumulatorLayout layout) {
    return PaneTable.read(in, layout);
  }
}
