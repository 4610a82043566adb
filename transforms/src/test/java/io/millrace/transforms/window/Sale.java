package io.millrace.transforms.window;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.beam.sdk.coders.CustomCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.apache.beam.sdk.values.TimestampedValue;
import org.joda.time.Instant;

/** An event for tests: something was sold somewhere at some time. */
record Sale(String shop, long cents, long millis) {

  /** A sale at a second. */
  static Sale at(double second, String shop, long cents) {
    return new Sale(shop, cents, Math.round(second * 1000));
  }

  TimestampedValue<Sale> timestamped() {
    return TimestampedValue.of(this, Instant.ofEpochMilli(millis));
  }

  /** Encodes sales. */
  static final class SaleCoder extends CustomCoder<Sale> {
    private static final long serialVersionUID = 1L;

    @Override
    public void encode(Sale sale, OutputStream out) throws IOException {
      StringUtf8Coder.of().encode(sale.shop(), out);
      VarLongCoder.of().encode(sale.cents(), out);
      VarLongCoder.of().encode(sale.millis(), out);
    }

    @Override
    public Sale decode(InputStream in) throws IOException {
      return new Sale(
          StringUtf8Coder.of().decode(in),
          VarLongCoder.of().decode(in),
          VarLongCoder.of().decode(in));
    }

    @Override
    public void verifyDeterministic() {}
  }
}
