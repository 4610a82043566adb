package io.millrace.transforms.window;

import io.millrace.schemas.wire.ByteReader;
import io.millrace.schemas.wire.ByteWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.CoderException;
import org.apache.beam.sdk.coders.CustomCoder;

/** Encodes a {@link RunTable} after a version byte; state is restored with it. */
final class RunTableCoder extends CustomCoder<RunTable> {
  private static final long serialVersionUID = 1L;
  private static final int VERSION = 1;
  private static final ByteArrayCoder BYTES = ByteArrayCoder.of();

  private final AccumulatorLayout layout;

  RunTableCoder(AccumulatorLayout layout) {
    this.layout = layout;
  }

  @Override
  public void encode(RunTable table, OutputStream out) throws IOException {
    ByteWriter bytes = new ByteWriter(64 + table.keys().size() * 64);
    bytes.writeByte(VERSION);
    table.write(bytes);
    BYTES.encode(bytes.toByteArray(), out);
  }

  @Override
  public RunTable decode(InputStream in) throws IOException {
    ByteReader bytes = new ByteReader(BYTES.decode(in));
    int version = bytes.readByte();
    if (version != VERSION) {
      throw new CoderException("State of runs of version " + version + " is newer than this code");
    }
    return RunTable.read(bytes, layout);
  }

  @Override
  public void verifyDeterministic() throws NonDeterministicException {
    throw new NonDeterministicException(this, "keys are in the order of a hash table");
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof RunTableCoder that && layout.equals(that.layout);
  }

  @Override
  public int hashCode() {
    return layout.hashCode() + 2;
  }
}
