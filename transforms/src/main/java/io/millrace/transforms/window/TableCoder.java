package io.millrace.transforms.window;

import io.millrace.schemas.wire.ByteReader;
import io.millrace.schemas.wire.ByteWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.CoderException;
import org.apache.beam.sdk.coders.CustomCoder;

/** Encodes a table of a bucket after a version byte; state is restored with it. */
abstract class TableCoder<T> extends CustomCoder<T> {
  private static final long serialVersionUID = 1L;
  private static final int VERSION = 1;
  private static final ByteArrayCoder BYTES = ByteArrayCoder.of();

  private final AccumulatorLayout layout;

  TableCoder(AccumulatorLayout layout) {
    this.layout = layout;
  }

  /** How many bytes a table takes, about. */
  abstract int bytes(T table, AccumulatorLayout layout);

  abstract void write(T table, ByteWriter out);

  abstract T read(ByteReader in, AccumulatorLayout layout);

  @Override
  public void encode(T table, OutputStream out) throws IOException {
    ByteWriter bytes = new ByteWriter(64 + bytes(table, layout));
    bytes.writeByte(VERSION);
    write(table, bytes);
    BYTES.encode(bytes.toByteArray(), out);
  }

  @Override
  public T decode(InputStream in) throws IOException {
    ByteReader bytes = new ByteReader(BYTES.decode(in));
    int version = bytes.readByte();
    if (version != VERSION) {
      throw new CoderException("Window state of version " + version + " is newer than this code");
    }
    return read(bytes, layout);
  }

  @Override
  public void verifyDeterministic() throws NonDeterministicException {
    throw new NonDeterministicException(this, "the order of keys is that of a hash table");
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof TableCoder<?> that
        && getClass() == that.getClass()
        && layout.equals(that.layout);
  }

  @Override
  public int hashCode() {
    return 31 * getClass().getName().hashCode() + layout.hashCode();
  }
}
