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
import org.joda.time.Instant;

/**
 * Encodes a {@link LateElement}: a version byte, the timestamp and the watermark in milliseconds
 * since 1970 (zigzag varints), all as bytes with their length; then the element.
 */
public final class LateElementCoder<T> extends CustomCoder<LateElement<T>> {
  private static final long serialVersionUID = 1L;
  private static final int VERSION = 1;
  private static final ByteArrayCoder BYTES = ByteArrayCoder.of();

  private final Coder<T> elementCoder;

  private LateElementCoder(Coder<T> elementCoder) {
    this.elementCoder = elementCoder;
  }

  public static <T> LateElementCoder<T> of(Coder<T> elementCoder) {
    return new LateElementCoder<>(elementCoder);
  }

  @Override
  public void encode(LateElement<T> late, OutputStream out) throws IOException {
    ByteWriter bytes = new ByteWriter(16);
    bytes.writeByte(VERSION);
    bytes.writeZigzag(late.timestamp().getMillis());
    bytes.writeZigzag(late.watermark().getMillis());
    BYTES.encode(bytes.toByteArray(), out);
    elementCoder.encode(late.element(), out);
  }

  @Override
  public LateElement<T> decode(InputStream in) throws IOException {
    ByteReader bytes = new ByteReader(BYTES.decode(in));
    int version = bytes.readByte();
    if (version != VERSION) {
      throw new CoderException("A late element of version " + version + " is newer than this code");
    }
    Instant timestamp = Instant.ofEpochMilli(bytes.readZigzag());
    Instant watermark = Instant.ofEpochMilli(bytes.readZigzag());
    return LateElement.of(elementCoder.decode(in), timestamp, watermark);
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
    return other instanceof LateElementCoder<?> that && elementCoder.equals(that.elementCoder);
  }

  @Override
  public int hashCode() {
    return 31 + elementCoder.hashCode();
  }
}
