package io.millrace.benchmarks.flink;

import java.io.IOException;
import java.util.Arrays;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.base.TypeSerializerSingleton;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** A line, as a slice of the buffer it was read into; set anew for each. */
final class Line {
  byte[] buffer = new byte[0];
  int start;
  int length;

  /** Copies the bytes; not used where source and parser are chained and objects are reused. */
  public static final class Serializer extends TypeSerializerSingleton<Line> {
    private static final long serialVersionUID = 1L;

    static final Serializer INSTANCE = new Serializer();

    @Override
    public boolean isImmutableType() {
      return false;
    }

    @Override
    public Line createInstance() {
      return new Line();
    }

    @Override
    public Line copy(Line from) {
      return copy(from, new Line());
    }

    @Override
    public Line copy(Line from, Line reuse) {
      reuse.buffer = Arrays.copyOfRange(from.buffer, from.start, from.start + from.length);
      reuse.start = 0;
      reuse.length = from.length;
      return reuse;
    }

    @Override
    public int getLength() {
      return -1;
    }

    @Override
    public void serialize(Line line, DataOutputView out) throws IOException {
      out.writeInt(line.length);
      out.write(line.buffer, line.start, line.length);
    }

    @Override
    public Line deserialize(DataInputView in) throws IOException {
      return deserialize(new Line(), in);
    }

    @Override
    public Line deserialize(Line reuse, DataInputView in) throws IOException {
      reuse.length = in.readInt();
      reuse.buffer = new byte[reuse.length];
      reuse.start = 0;
      in.readFully(reuse.buffer);
      return reuse;
    }

    @Override
    public void copy(DataInputView in, DataOutputView out) throws IOException {
      int length = in.readInt();
      out.writeInt(length);
      out.write(in, length);
    }

    @Override
    public TypeSerializerSnapshot<Line> snapshotConfiguration() {
      return new Snapshot();
    }

    /** For state that is restored. */
    public static final class Snapshot extends SimpleTypeSerializerSnapshot<Line> {
      public Snapshot() {
        super(() -> INSTANCE);
      }
    }
  }
}
