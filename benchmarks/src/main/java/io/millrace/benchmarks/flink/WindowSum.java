package io.millrace.benchmarks.flink;

import java.io.IOException;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** A sum that came out; set anew for each. */
final class WindowSum {
  int sensor;
  long start;
  long end;
  long total;

  /** Writes one in 28 bytes. */
  public static final class Serializer extends FixedSerializer<WindowSum> {
    private static final long serialVersionUID = 1L;

    static final Serializer INSTANCE = new Serializer();

    private Serializer() {
      super(28);
    }

    @Override
    public WindowSum createInstance() {
      return new WindowSum();
    }

    @Override
    public WindowSum copy(WindowSum from, WindowSum reuse) {
      reuse.sensor = from.sensor;
      reuse.start = from.start;
      reuse.end = from.end;
      reuse.total = from.total;
      return reuse;
    }

    @Override
    public void serialize(WindowSum windowSum, DataOutputView out) throws IOException {
      out.writeInt(windowSum.sensor);
      out.writeLong(windowSum.start);
      out.writeLong(windowSum.end);
      out.writeLong(windowSum.total);
    }

    @Override
    public WindowSum deserialize(WindowSum reuse, DataInputView in) throws IOException {
      reuse.sensor = in.readInt();
      reuse.start = in.readLong();
      reuse.end = in.readLong();
      reuse.total = in.readLong();
      return reuse;
    }

    @Override
    public TypeSerializerSnapshot<WindowSum> snapshotConfiguration() {
      return new Snapshot();
    }

    /** For state that is restored. */
    public static final class Snapshot extends SimpleTypeSerializerSnapshot<WindowSum> {
      public Snapshot() {
        super(() -> INSTANCE);
      }
    }
  }
}
