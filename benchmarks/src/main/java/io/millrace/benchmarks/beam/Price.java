package io.millrace.benchmarks.beam;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import org.apache.beam.sdk.coders.AtomicCoder;

/** A product's price. */
record Price(long number, long cents) {
  private static final int BYTES = 16;

  /** The price that a record's value tells of. */
  static Price read(byte[] bytes, int at) {
    ByteBuffer value = ByteBuffer.wrap(bytes);
    return new Price(value.getLong(at), value.getLong(at + 8));
  }

  /** Writes one as it is in a record. */
  static final class Coder extends AtomicCoder<Price> {
    private static final long serialVersionUID = 1L;

    static final Coder INSTANCE = new Coder();

    @Override
    public void encode(Price price, OutputStream out) throws IOException {
      out.write(ByteBuffer.allocate(BYTES).putLong(price.number).putLong(price.cents).array());
    }

    @Override
    public Price decode(InputStream in) throws IOException {
      return read(in.readNBytes(BYTES), 0);
    }
  }
}
