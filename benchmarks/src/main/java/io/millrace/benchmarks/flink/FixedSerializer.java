package io.millrace.benchmarks.flink;

import java.io.IOException;
import org.apache.flink.api.common.typeutils.base.TypeSerializerSingleton;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** A serializer of mutable objects that are always as long. */
abstract class FixedSerializer<T> extends TypeSerializerSingleton<T> {
  private static final long serialVersionUID = 1L;

  private final int length;

  FixedSerializer(int length) {
    this.length = length;
  }

  @Override
  public final boolean isImmutableType() {
    return false;
  }

  @Override
  public final T copy(T from) {
    return copy(from, createInstance());
  }

  @Override
  public final int getLength() {
    return length;
  }

  @Override
  public final T deserialize(DataInputView in) throws IOException {
    return deserialize(createInstance(), in);
  }

  @Override
  public final void copy(DataInputView in, DataOutputView out) throws IOException {
    out.write(in, length);
  }
}
