package io.millrace.transforms.time;

import io.millrace.schemas.wire.ByteReader;
import io.millrace.schemas.wire.ByteWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.CoderException;
import org.apache.beam.sdk.coders.CustomCoder;

/**
 * Encodes a {@link Corrected}: a version byte, the corrected time, the offset and the uncertainty
 * (zigzag varints), all as bytes with their length; then the element.
 */
public final class CorrectedCoder<T> extends CustomCoder<Corrected<T>> {
  private static final long serialVersionUID = 1L;
  private static final int VERSION = 1;
  private static final ByteArrayCoder BYTES = ByteArrayCoder.of();

  private final Coder<T> elementCoder;

  private CorrectedCoder(Coder<T> elementCoder) {
    this.elementCoder = elementCoder;
  }

  public static <T> CorrectedCoder<T> of(Coder<T> elementCoder) {
    return new CorrectedCoder<>(elementCoder);
  }

  @Override
  public void encode(Corrected<T> corrected, OutputStream out) throws IOException {
    ByteWriter bytes = new ByteWriter(32);
    bytes.writeByte(VERSION);
    bytes.writeZigzag(corrected.occurredAt());
    bytes.writeZigzag(corrected.offset());
    bytes.writeZigzag(corrected.uncertainty());
    BYTES.encode(bytes.toByteArray(), out);
    elementCoder.encode(corrected.element(), out);
  }

  @Override
  public Corrected<T> decode(InputStream in) throws IOException {
    ByteReader bytes = new ByteReader(BYTES.decode(in));
    int version = bytes.readByte();
    if (version != VERSION) {
      throw new CoderException(
          "A corrected time of version " + version + " is newer than this code");
    }
    long occurredAt = bytes.readZigzag();
    long offset = bytes.readZigzag();
    long uncertainty = bytes.readZigzag();
    return Corrected.of(elementCoder.decode(in), occurredAt, offset, uncertainty);
  }

  @Override
  public List<? extends Coder<?>> getCoderArguments() {
    return List.of(elementCoder);
  }

  @Override
  public void verifyDeterministic() throws NonDeterministicException {
    elementCoder.verifyDeterministic();
  }

  @Override
  public boolean consistentWithEquals() {
    return elementCoder.consistentWithEquals();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof CorrectedCoder<?> that && elementCoder.equals(that.elementCoder);
  }

  @Override
  public int hashCode() {
    return 37 + elementCoder.hashCode();
  }
}
