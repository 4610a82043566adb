package io.millrace.transforms.window;

import io.millrace.schemas.wire.ByteReader;
import io.millrace.schemas.wire.ByteWriter;
import io.millrace.transforms.window.Run.Said;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * How a {@link Run} is written in state: a byte of flags, its times zigzag-encoded, its row, and
 * what the flags say there is.
 */
final class RunFormat {
  private static final int CLOSED = 1;
  private static final int CHANGED = 2;
  private static final int SAID = 4;
  private static final int SINCE = 8;
  private static final int MERGED = 16;

  static void write(Run run, ByteWriter out) {
    out.writeByte(
        (run.isClosed ? CLOSED : 0)
            | (run.isChanged ? CHANGED : 0)
            | (run.said != null ? SAID : 0)
            | (run.since != null ? SINCE : 0)
            | (run.merged.isEmpty() ? 0 : MERGED));
    out.writeZigzag(run.first);
    out.writeVarint(run.last - run.first);
    out.writeVarint(run.pending);
    run.value.layout.write(run.value, 0, out);
    if (run.said != null) {
      write(run.said, run.value.layout, out);
    }
    if (run.since != null) {
      run.value.layout.write(run.since, 0, out);
    }
    if (!run.merged.isEmpty()) {
      out.writeVarint(run.merged.size());
      run.merged.forEach(said -> write(said, run.value.layout, out));
    }
  }

  private static void write(Said said, AccumulatorLayout layout, ByteWriter out) {
    out.writeZigzag(said.first);
    out.writeVarint(said.last - said.first);
    out.writeVarint(said.revision);
    out.writeByte(said.value == null ? 0 : 1);
    if (said.value != null) {
      layout.write(said.value, 0, out);
    }
  }

  static Run read(ByteReader in, AccumulatorLayout layout) {
    int flags = in.readByte();
    long first = in.readZigzag();
    Run run = new Run(layout, first, first + in.readVarint());
    run.isClosed = (flags & CLOSED) != 0;
    run.isChanged = (flags & CHANGED) != 0;
    run.pending = in.readVarint();
    layout.read(in, run.value, 0);
    if ((flags & SAID) != 0) {
      run.said = readSaid(in, layout);
    }
    if ((flags & SINCE) != 0) {
      run.since = new Slots(layout, 1);
      layout.read(in, run.since, 0);
    }
    if ((flags & MERGED) != 0) {
      for (int count = in.readLength(); count > 0; count--) {
        run.merged.add(readSaid(in, layout));
      }
    }
    return run;
  }

  private static Said readSaid(ByteReader in, AccumulatorLayout layout) {
    long first = in.readZigzag();
    Said said = new Said(first, first + in.readVarint(), in.readVarint());
    said.value = in.readByte() == 0 ? null : value(in, layout);
    return said;
  }

  private static @Nullable Slots value(ByteReader in, AccumulatorLayout layout) {
    Slots value = new Slots(layout, 1);
    layout.read(in, value, 0);
    return value;
  }

  private RunFormat() {}
}
