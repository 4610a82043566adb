package io.millrace.benchmarks.beam;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import org.apache.beam.sdk.coders.AtomicCoder;

/** A sale; its time is the element's, its product the key. */
record Sale(long id, long customer, int quantity) {
  private static final int BYTES = 20;

  /** The sale that a record's value tells of. */
  static Sale read(byte[] bytes, int at) {
    ByteBuffer value = ByteBuffer.wrap(bytes);
    return new Sale(value.getLong(at), value.getLong(at + 8), value.getInt(at + 16));
  }

  /** Writes one as it is in a record. */
  static final class Coder extends AtomicCoder<Sale> {
    private static final long serialVersionUID = 1L;

    static final Coder INSTANCE = new Coder();

    @Override
    public void encode(Sale sale, OutputStream out) throws IOException {
      out.write(
          ByteBuffer.allocate(BYTES)
              .putLong(sale.id)
              .putLong(sale.customer)
              .putInt(sale.quantity)
              .array());
    }

    @Override
    public Sale decode(InputStream in) throws IOException {
      return read(in.readNBytes(BYTES), 0);
    }
  }
}
