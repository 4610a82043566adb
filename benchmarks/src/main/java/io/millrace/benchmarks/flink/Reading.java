package io.millrace.benchmarks.flink;

import java.io.IOException;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** A reading of a sensor, whose time is the element's; set anew for each. */
final class Reading {
  int sensor;
  long value;

  /** Writes one in 12 bytes. */
  public static final class Serializer extends FixedSerializer<Reading> {
    private static final long serialVersionUID = 1L;

    static final Serializer INSTANCE = new Serializer();

    private Serializer() {
      super(12);
    }

    @Override
    public Reading createInstance() {
      return new Reading();
    }

    @Override
    public Reading copy(Reading from, Reading reuse) {
      reuse.sensor = from.sensor;
      reuse.value = from.value;
      return reuse;
    }

    @Override
    public void serialize(Reading reading, DataOutputView out) throws IOException {
      out.writeInt(reading.sensor);
      out.writeLong(reading.value);
    }

    @Override
    public Reading deserialize(Reading reuse, DataInputView in) throws IOException {
      reuse.sensor = in.readInt();
      reuse.value = in.readLong();
      return reuse;
    }

    @Override
    public TypeSerializerSnapshot<Reading> snapshotConfiguration() {
      return new Snapshot();
    }

    /** For state that is restored. */
    public static final class Snapshot extends SimpleTypeSerializerSnapshot<Reading> {
      public Snapshot() {
        super(() -> INSTANCE);
      }
    }
  }
}
