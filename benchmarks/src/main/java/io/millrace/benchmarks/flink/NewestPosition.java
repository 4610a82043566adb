package io.millrace.benchmarks.flink;

import java.io.IOException;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.base.TypeSerializerSingleton;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** What is kept of an order: the position of its newest change. */
final class NewestPosition {
  long commitLsn;
  int streamed;
  long lsn;
  long order;

  static NewestPosition of(OrderChange change) {
    NewestPosition position = new NewestPosition();
    position.set(change);
    return position;
  }

  void set(OrderChange change) {
    commitLsn = change.commitLsn;
    streamed = change.streamed;
    lsn = change.lsn;
    order = change.order;
  }

  boolean isBefore(OrderChange change) {
    if (commitLsn != change.commitLsn) {
      return commitLsn < change.commitLsn;
    }
    if (streamed != change.streamed) {
      return streamed < change.streamed;
    }
    return lsn != change.lsn ? lsn < change.lsn : order < change.order;
  }

  /** Writes one in 25 bytes. */
  public static final class Serializer extends TypeSerializerSingleton<NewestPosition> {
    private static final long serialVersionUID = 1L;
    private static final int LENGTH = 25;

    static final Serializer INSTANCE = new Serializer();

    @Override
    public boolean isImmutableType() {
      return false;
    }

    @Override
    public NewestPosition createInstance() {
      return new NewestPosition();
    }

    @Override
    public NewestPosition copy(NewestPosition from) {
      return copy(from, new NewestPosition());
    }

    @Override
    public NewestPosition copy(NewestPosition from, NewestPosition reuse) {
      reuse.commitLsn = from.commitLsn;
      reuse.streamed = from.streamed;
      reuse.lsn = from.lsn;
      reuse.order = from.order;
      return reuse;
    }

    @Override
    public int getLength() {
      return LENGTH;
    }

    @Override
    public void serialize(NewestPosition position, DataOutputView out) throws IOException {
      out.writeLong(position.commitLsn);
      out.writeByte(position.streamed);
      out.writeLong(position.lsn);
      out.writeLong(position.order);
    }

    @Override
    public NewestPosition deserialize(DataInputView in) throws IOException {
      return deserialize(new NewestPosition(), in);
    }

    @Override
    public NewestPosition deserialize(NewestPosition reuse, DataInputView in) throws IOException {
      reuse.commitLsn = in.readLong();
      reuse.streamed = in.readByte();
      reuse.lsn = in.readLong();
      reuse.order = in.readLong();
      return reuse;
    }

    @Override
    public void copy(DataInputView in, DataOutputView out) throws IOException {
      out.write(in, LENGTH);
    }

    @Override
    public TypeSerializerSnapshot<NewestPosition> snapshotConfiguration() {
      return new Snapshot();
    }

    /** For state that is restored. */
    public static final class Snapshot extends SimpleTypeSerializerSnapshot<NewestPosition> {
      public Snapshot() {
        super(() -> INSTANCE);
      }
    }
  }
}
