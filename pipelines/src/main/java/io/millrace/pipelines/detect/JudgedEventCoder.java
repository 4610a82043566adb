package io.millrace.pipelines.detect;

import io.millrace.schemas.wire.ByteReader;
import io.millrace.schemas.wire.ByteWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.CoderException;
import org.apache.beam.sdk.coders.CustomCoder;

/**
 * Encodes a {@link JudgedEvent}, as bytes with their length: a version byte, key, id, the steps (a
 * varint) and the bits of the value.
 */
final class JudgedEventCoder extends CustomCoder<JudgedEvent> {
  private static final long serialVersionUID = 1L;
  private static final int VERSION = 1;
  private static final ByteArrayCoder BYTES = ByteArrayCoder.of();
  private static final JudgedEventCoder INSTANCE = new JudgedEventCoder();

  static JudgedEventCoder of() {
    return INSTANCE;
  }

  @Override
  public void encode(JudgedEvent event, OutputStream out) throws IOException {
    ByteWriter bytes = new ByteWriter(64);
    bytes.writeByte(VERSION);
    bytes.writeText(event.key());
    bytes.writeText(event.id());
    bytes.writeVarint(event.steps());
    bytes.writeLong(Double.doubleToLongBits(event.value()));
    BYTES.encode(bytes.toByteArray(), out);
  }

  @Override
  public JudgedEvent decode(InputStream in) throws IOException {
    ByteReader bytes = new ByteReader(BYTES.decode(in));
    int version = bytes.readByte();
    if (version != VERSION) {
      throw new CoderException("A judged event of version " + version + " is newer than this code");
    }
    return new JudgedEvent(
        bytes.readText(),
        bytes.readText(),
        bytes.readVarint(),
        Double.longBitsToDouble(bytes.readLong()));
  }

  @Override
  public void verifyDeterministic() {}

  @Override
  public boolean consistentWithEquals() {
    return true;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof JudgedEventCoder;
  }

  @Override
  public int hashCode() {
    return 43;
  }
}
