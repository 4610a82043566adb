package io.millrace.transforms.block;

import io.millrace.schemas.wire.BlockWriter;
import io.millrace.schemas.wire.ByteWriter;

/**
 * Packs keyed elements with their timestamps into a packet of bytes, which {@link PacketReader}
 * reads.
 *
 * <p>Format, version 1: the version byte, then the elements. Each is its timestamp in milliseconds
 * since 1970 less that of the one before (0 before the first; a zigzag varint), the key and the
 * value, each a length (a varint) and bytes. Version 2, of packets of a side: a byte for the side
 * follows the version.
 */
public final class PacketWriter implements BlockWriter {
  static final int VERSION = 1;
  static final int VERSION_WITH_SIDE = 2;

  /** The side of packets that have none. */
  static final int NO_SIDE = 0;

  private final ByteWriter out = new ByteWriter(1024);
  private final int side;
  private long lastTimestamp;
  private int headLength;

  public PacketWriter() {
    this(NO_SIDE);
  }

  /** A writer of packets of a side, from 1 to 255, for those who take several kinds of them. */
  PacketWriter(int side) {
    this.side = side;
    writeHead();
  }

  private void writeHead() {
    if (side == NO_SIDE) {
      out.writeByte(VERSION);
    } else {
      out.writeByte(VERSION_WITH_SIDE);
      out.writeByte(side);
    }
    headLength = out.length();
  }

  /** Appends an element whose key and value are the first bytes of these arrays. */
  public void write(long timestamp, byte[] key, int keyLength, byte[] value, int valueLength) {
    write(timestamp, key, 0, keyLength, value, 0, valueLength);
  }

  /** Appends an element whose key and value lie somewhere in these arrays. */
  public void write(
      long timestamp,
      byte[] key,
      int keyOffset,
      int keyLength,
      byte[] value,
      int valueOffset,
      int valueLength) {
    out.writeZigzag(timestamp - lastTimestamp);
    lastTimestamp = timestamp;
    out.writeBytes(key, keyOffset, keyLength);
    out.writeBytes(value, valueOffset, valueLength);
  }

  @Override
  public boolean isEmpty() {
    return out.length() == headLength;
  }

  @Override
  public int length() {
    return out.length();
  }

  @Override
  public byte[] take() {
    byte[] packet = out.toByteArray();
    out.clear();
    writeHead();
    lastTimestamp = 0;
    return packet;
  }
}
