package io.millrace.transforms.sketch;

import io.millrace.schemas.wire.ByteReader;
import io.millrace.schemas.wire.ByteWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Objects;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.CoderException;
import org.apache.beam.sdk.coders.CustomCoder;

/**
 * Encodes a sketch as it is kept in state: a length, a version byte, then the bytes of
 * DataSketches.
 */
final class SketchCoder<S> extends CustomCoder<S> {
  private static final long serialVersionUID = 1L;
  private static final int VERSION = 1;
  private static final ByteArrayCoder BYTES = ByteArrayCoder.of();

  private final SketchFamily<S> family;

  SketchCoder(SketchFamily<S> family) {
    this.family = family;
  }

  @Override
  public void encode(S sketch, OutputStream out) throws IOException {
    byte[] written = family.write(sketch);
    ByteWriter bytes = new ByteWriter(written.length + 1);
    bytes.writeByte(VERSION);
    bytes.writeRaw(written, 0, written.length);
    BYTES.encode(bytes.toByteArray(), out);
  }

  @Override
  public S decode(InputStream in) throws IOException {
    byte[] bytes = BYTES.decode(in);
    int version = new ByteReader(bytes).readByte();
    if (version != VERSION) {
      throw new CoderException("A sketch of version " + version + " is newer than this code");
    }
    byte[] written = new byte[bytes.length - 1];
    System.arraycopy(bytes, 1, written, 0, written.length);
    return family.read(written);
  }

  @Override
  public void verifyDeterministic() throws NonDeterministicException {
    throw new NonDeterministicException(this, "Equal sketches may have other bytes");
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SketchCoder<?> coder && coder.family.equals(family);
  }

  @Override
  public int hashCode() {
    return Objects.hash(SketchCoder.class, family);
  }
}
