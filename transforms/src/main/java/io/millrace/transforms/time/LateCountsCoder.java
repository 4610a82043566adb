package io.millrace.transforms.time;

import io.millrace.schemas.wire.ByteReader;
import io.millrace.schemas.wire.ByteWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.beam.sdk.coders.AtomicCoder;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.CoderException;
import org.apache.beam.sdk.values.TypeDescriptor;
import org.joda.time.Instant;

/**
 * Encodes {@link LateCounts}: a version byte, the source, the hour in milliseconds since 1970, the
 * counts in order.
 */
public final class LateCountsCoder extends AtomicCoder<LateCounts> {
  private static final long serialVersionUID = 1L;
  private static final int VERSION = 1;
  private static final LateCountsCoder INSTANCE = new LateCountsCoder();
  private static final ByteArrayCoder BYTES = ByteArrayCoder.of();

  public static LateCountsCoder of() {
    return INSTANCE;
  }

  @Override
  public void encode(LateCounts counts, OutputStream out) throws IOException {
    ByteWriter bytes = new ByteWriter(48);
    bytes.writeByte(VERSION);
    bytes.writeText(counts.source());
    bytes.writeZigzag(counts.hour().getMillis());
    bytes.writeVarint(counts.inTime());
    bytes.writeVarint(counts.late());
    bytes.writeVarint(counts.tooLate());
    BYTES.encode(bytes.toByteArray(), out);
  }

  @Override
  public LateCounts decode(InputStream in) throws IOException {
    ByteReader bytes = new ByteReader(BYTES.decode(in));
    int version = bytes.readByte();
    if (version != VERSION) {
      throw new CoderException("Late counts of version " + version + " are newer than this code");
    }
    String source = bytes.readText();
    Instant hour = Instant.ofEpochMilli(bytes.readZigzag());
    return LateCounts.of(source, hour, bytes.readVarint(), bytes.readVarint(), bytes.readVarint());
  }

  @Override
  public TypeDescriptor<LateCounts> getEncodedTypeDescriptor() {
    return TypeDescriptor.of(LateCounts.class);
  }

  @Override
  public void verifyDeterministic() {}

  @Override
  public boolean consistentWithEquals() {
    return true;
  }
}
