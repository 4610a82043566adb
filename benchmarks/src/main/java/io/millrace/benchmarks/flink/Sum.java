package io.millrace.benchmarks.flink;

import java.io.IOException;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** What is kept of a window: changed in place. */
final class Sum {
  long total;

  /** Writes one in 8 bytes. */
  public static final class Serializer extends FixedSerializer<Sum> {
    private static final long serialVersionUID = 1L;

    static final Serializer INSTANCE = new Serializer();

    private Serializer() {
      super(8);
    }

    @Override
    public Sum createInstance() {
      return new Sum();
    }

    @Override
    public Sum copy(Sum from, Sum reuse) {
      reuse.total = from.total;
      return reuse;
    }

    @Override
    public void serialize(Sum sum, DataOutputView out) throws IOException {
      out.writeLong(sum.total);
    }

    @Override
    public Sum deserialize(Sum reuse, DataInputView in) throws IOException {
      reuse.total = in.readLong();
      return reuse;
    }

    @Override
    public TypeSerializerSnapshot<Sum> snapshotConfiguration() {
      return new Snapshot();
    }

    /** For state that is restored. */
    public static final class Snapshot extends SimpleTypeSerializerSnapshot<Sum> {
      public Snapshot() {
        super(() -> INSTANCE);
      }
    }
  }
}
