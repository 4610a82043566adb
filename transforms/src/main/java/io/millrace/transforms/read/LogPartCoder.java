package io.millrace.transforms.read;

import io.millrace.schemas.wire.ByteReader;
import io.millrace.schemas.wire.ByteWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.beam.sdk.coders.AtomicCoder;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.CoderException;

/** Encodes a {@link LogPart} as a version byte, its topic, partition and range. */
public final class LogPartCoder extends AtomicCoder<LogPart> {
  private static final long serialVersionUID = 1L;
  private static final int VERSION = 1;
  private static final LogPartCoder INSTANCE = new LogPartCoder();
  private static final ByteArrayCoder BYTES = ByteArrayCoder.of();

  public static LogPartCoder of() {
    return INSTANCE;
  }

  @Override
  public void encode(LogPart part, OutputStream out) throws IOException {
    ByteWriter bytes = new ByteWriter(part.topic().length() + 32);
    bytes.writeByte(VERSION);
    bytes.writeText(part.topic());
    bytes.writeZigzag(part.partition());
    bytes.writeZigzag(part.from());
    bytes.writeZigzag(part.to());
    BYTES.encode(bytes.toByteArray(), out);
  }

  @Override
  public LogPart decode(InputStream in) throws IOException {
    ByteReader bytes = new ByteReader(BYTES.decode(in));
    int version = bytes.readByte();
    if (version != VERSION) {
      throw new CoderException(
          "A part of a log has version " + version + ", which this code does not know");
    }
    String topic = bytes.readText();
    return new LogPart(topic, (int) bytes.readZigzag(), bytes.readZigzag(), bytes.readZigzag());
  }
}
