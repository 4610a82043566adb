package io.millrace.benchmarks.flink;

import java.io.IOException;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.base.TypeSerializerSingleton;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Writes an {@link OrderChange} field by field. */
public final class OrderChangeSerializer extends TypeSerializerSingleton<OrderChange> {
  private static final long serialVersionUID = 1L;

  static final OrderChangeSerializer INSTANCE = new OrderChangeSerializer();

  @Override
  public boolean isImmutableType() {
    return false;
  }

  @Override
  public OrderChange createInstance() {
    return new OrderChange(256);
  }

  @Override
  public OrderChange copy(OrderChange from) {
    return from.copy();
  }

  @Override
  public OrderChange copy(OrderChange from, OrderChange reuse) {
    from.copyTo(reuse);
    return reuse;
  }

  @Override
  public int getLength() {
    return -1;
  }

  @Override
  public void serialize(OrderChange change, DataOutputView out) throws IOException {
    out.writeLong(change.id);
    out.writeByte(change.operation);
    out.writeLong(change.commitLsn);
    out.writeByte(change.streamed);
    out.writeLong(change.lsn);
    out.writeLong(change.order);
    out.writeLong(change.committedAtMillis);
    out.writeInt(change.rowLength);
    out.write(change.row, 0, change.rowLength);
  }

  @Override
  public OrderChange deserialize(DataInputView in) throws IOException {
    return deserialize(new OrderChange(0), in);
  }

  @Override
  public OrderChange deserialize(OrderChange reuse, DataInputView in) throws IOException {
    reuse.id = in.readLong();
    reuse.operation = (char) in.readByte();
    reuse.commitLsn = in.readLong();
    reuse.streamed = in.readByte();
    reuse.lsn = in.readLong();
    reuse.order = in.readLong();
    reuse.committedAtMillis = in.readLong();
    reuse.rowLength = in.readInt();
    reuse.ensureRow(reuse.rowLength);
    in.readFully(reuse.row, 0, reuse.rowLength);
    return reuse;
  }

  @Override
  public void copy(DataInputView in, DataOutputView out) throws IOException {
    out.write(in, 8 + 1 + 8 + 1 + 8 + 8 + 8);
    int length = in.readInt();
    out.writeInt(length);
    out.write(in, length);
  }

  @Override
  public TypeSerializerSnapshot<OrderChange> snapshotConfiguration() {
    return new Snapshot();
  }

  /** For state that is restored. */
  public static final class Snapshot extends SimpleTypeSerializerSnapshot<OrderChange> {
    public Snapshot() {
      super(() -> INSTANCE);
    }
  }
}
