package io.millrace.transforms.block;

import io.millrace.schemas.wire.BlockWriter;
import io.millrace.schemas.wire.ByteWriter;

/**
 * Packs keyed elements with their timestamps into a packet of bytes, which {@link PacketReader}
 * reads.
 *
 * <p>Format, version 1: the version byte, then the elements. Each is its timestamp in milliseconds
 * since 1970 less that of the one before (0 before the first; a zigzag varint), the key and the
 * value, each a length (a varint) and bytes.
 */
public final class PacketWriter implements BlockWriter {
  static final int VERSION = 1;

  private final ByteWriter out = new ByteWriter(1024);
  private long lastTimestamp;

  public PacketWriter() {
    out.writeByte(VERSION);
  }

  /** Appends an element whose key and value are the first bytes of these arrays. */
  public void write(long timestamp, byte[] key, int keyLength, byte[] value, int valueLength) {
    out.writeZigzag(timestamp - lastTimestamp);
    lastTimestamp = timestamp;
    out.writeBytes(key, 0, keyLength);
    out.writeBytes(value, 0, valueLength);
  }

  @Override
  public boolean isEmpty() {
    return out.length() == 1;
  }

  @Override
  public int length() {
    return out.length();
  }

  @Override
  public byte[] take() {
    byte[] packet = out.toByteArray();
    out.clear();
    out.writeByte(VERSION);
    lastTimestamp = 0;
    return packet;
  }
}
