package io.millrace.transforms.window;

import io.millrace.schemas.wire.ByteReader;
import io.millrace.schemas.wire.ByteWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.CoderException;
import org.apache.beam.sdk.coders.CustomCoder;

/** Encodes an {@link AccumulatorTable} after a version byte; state is restored with it. */
final class AccumulatorTableCoder extends CustomCoder<AccumulatorTable> {
  private static final long serialVersionUID = 1L;
  private static final int VERSION = 1;
  private static final ByteArrayCoder BYTES = ByteArrayCoder.of();

  private final AccumulatorLayout layout;

  AccumulatorTableCoder(AccumulatorLayout layout) {
    this.layout = layout;
  }

  @Override
  public void encode(AccumulatorTable table, OutputStream out) throws IOException {
    ByteWriter bytes = new ByteWriter(64 + table.size() * (12 + layout.longs() * 8));
    bytes.writeByte(VERSION);
    table.write(bytes);
    BYTES.encode(bytes.toByteArray(), out);
  }

  @Override
  public AccumulatorTable decode(InputStream in) throws IOException {
    ByteReader bytes = new ByteReader(BYTES.decode(in));
    int version = bytes.readByte();
    if (version != VERSION) {
      throw new CoderException("Window state of version " + version + " is newer than this code");
    }
    return AccumulatorTable.read(bytes, layout);
  }

  @Override
  public void verifyDeterministic() throws NonDeterministicException {
    throw new NonDeterministicException(this, "the order of keys is that of their arrival");
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof AccumulatorTableCoder that && layout.equals(that.layout);
  }

  @Override
  public int hashCode() {
    return layout.hashCode();
  }
}
