package io.millrace.transforms.block;

import io.millrace.schemas.wire.ByteReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import org.apache.beam.sdk.coders.Coder;

/**
 * Walks over a packet that {@link PacketWriter} packed. After {@link #next()} an element's
 * timestamp, and where its key and value lie, can be asked for at no cost; nothing is copied or
 * decoded until someone asks.
 */
public final class PacketReader {
  private final ByteReader in;
  private final int side;
  private long timestamp;
  private int keyOffset;
  private int keyLength;
  private int valueOffset;
  private int valueLength;

  /**
   * A reader before the packet's first element.
   *
   * @throws IllegalStateException if the packet is of a version that this code does not know
   */
  public PacketReader(byte[] packet) {
    in = new ByteReader(packet);
    int version = in.readByte();
    if (version != PacketWriter.VERSION && version != PacketWriter.VERSION_WITH_SIDE) {
      throw new IllegalStateException(
          "A packet has version " + version + ", which is newer than this code");
    }
    side = version == PacketWriter.VERSION ? PacketWriter.NO_SIDE : in.readByte();
  }

  /** The side that {@link PackByKey#asSide} gave the packet; 0 if none. */
  public int side() {
    return side;
  }

  /** Moves to the next element; false after the last. */
  public boolean next() {
    if (!in.hasRemaining()) {
      return false;
    }
    timestamp += in.readZigzag();
    keyLength = in.readLength();
    keyOffset = in.skip(keyLength);
    valueLength = in.readLength();
    valueOffset = in.skip(valueLength);
    return true;
  }

  /** The element's timestamp, in milliseconds since 1970. */
  public long timestamp() {
    return timestamp;
  }

  /** The array that {@link #keyOffset()} and {@link #valueOffset()} point into: read only. */
  public byte[] buffer() {
    return in.buffer();
  }

  public int keyOffset() {
    return keyOffset;
  }

  public int keyLength() {
    return keyLength;
  }

  public int valueOffset() {
    return valueOffset;
  }

  public int valueLength() {
    return valueLength;
  }

  public byte[] copyKey() {
    return Arrays.copyOfRange(buffer(), keyOffset, keyOffset + keyLength);
  }

  public byte[] copyValue() {
    return Arrays.copyOfRange(buffer(), valueOffset, valueOffset + valueLength);
  }

  /** Decodes the key with the coder that encoded it. */
  public <K> K key(Coder<K> coder) {
    return decode(coder, keyOffset, keyLength);
  }

  /** Decodes the value with the coder that encoded it. */
  public <V> V value(Coder<V> coder) {
    return decode(coder, valueOffset, valueLength);
  }

  private <T> T decode(Coder<T> coder, int offset, int length) {
    try {
      return coder.decode(new ByteArrayInputStream(buffer(), offset, length));
    } catch (IOException e) {
      throw new UncheckedIOException("A packed element cannot be decoded by " + coder, e);
    }
  }
}
