package io.millrace.transforms.time;

import io.millrace.schemas.wire.ByteReader;
import io.millrace.schemas.wire.ByteWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.beam.sdk.coders.AtomicCoder;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.CoderException;

/**
 * Encodes {@link PendingEvents}: a version byte, their number, and of each its timestamp, key,
 * whether it is an event (1) or a turn (0), and the event's bytes.
 */
final class PendingEventsCoder extends AtomicCoder<PendingEvents> {
  private static final long serialVersionUID = 1L;
  private static final int VERSION = 1;
  private static final ByteArrayCoder BYTES = ByteArrayCoder.of();

  @Override
  public void encode(PendingEvents events, OutputStream out) throws IOException {
    ByteWriter bytes = new ByteWriter(1024);
    bytes.writeByte(VERSION);
    events.encode(bytes);
    BYTES.encode(bytes.toByteArray(), out);
  }

  @Override
  public PendingEvents decode(InputStream in) throws IOException {
    ByteReader bytes = new ByteReader(BYTES.decode(in));
    int version = bytes.readByte();
    if (version != VERSION) {
      throw new CoderException(
          "Waiting events of version " + version + " are newer than this code");
    }
    return PendingEvents.decode(bytes);
  }
}
