package io.millrace.transforms.lookup;

import io.millrace.schemas.wire.ByteReader;
import io.millrace.schemas.wire.ByteWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.beam.sdk.coders.AtomicCoder;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.CoderException;

/**
 * Encodes {@link KeptRow}, as bytes with their length: a version byte, the timestamp (a zigzag
 * varint), then 1 and the row with its length, or 0.
 */
final class KeptRowCoder extends AtomicCoder<KeptRow> {
  private static final long serialVersionUID = 1L;
  private static final int VERSION = 1;
  private static final ByteArrayCoder BYTES = ByteArrayCoder.of();

  @Override
  public void encode(KeptRow kept, OutputStream out) throws IOException {
    byte[] row = kept.row();
    ByteWriter bytes = new ByteWriter(16 + (row == null ? 0 : row.length));
    bytes.writeByte(VERSION);
    bytes.writeZigzag(kept.timestamp());
    bytes.writeByte(row == null ? 0 : 1);
    if (row != null) {
      bytes.writeBytes(row);
    }
    BYTES.encode(bytes.toByteArray(), out);
  }

  @Override
  public KeptRow decode(InputStream in) throws IOException {
    ByteReader bytes = new ByteReader(BYTES.decode(in));
    int version = bytes.readByte();
    if (version != VERSION) {
      throw new CoderException("A kept row of version " + version + " is newer than this code");
    }
    long timestamp = bytes.readZigzag();
    return new KeptRow(timestamp, bytes.readByte() == 0 ? null : bytes.readBytes());
  }
}
