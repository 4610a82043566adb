package io.millrace.transforms.enrich;

import io.millrace.schemas.wire.ByteReader;
import io.millrace.transforms.block.PacketReader;
import java.nio.charset.StandardCharsets;

/**
 * A fact, encoded, where it lies in a packet.
 *
 * @param time in milliseconds since 1970
 * @param due the time that the watermark has to pass before there is something to do with it
 * @param revision of what will be said of it next
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Fact(
    long time,
    long due,
    long revision,
    byte[] buffer,
    int keyOffset,
    int keyLength,
    int valueOffset,
    int valueLength) {

  /**
   * The element that a reader is at, as {@link io.millrace.transforms.block.PackByKey} packed it.
   */
  static Fact ofPacket(PacketReader reader) {
    return new Fact(
        reader.timestamp(),
        reader.timestamp(),
        0,
        reader.buffer(),
        reader.keyOffset(),
        reader.keyLength(),
        reader.valueOffset(),
        reader.valueLength());
  }

  /** The element that a reader is at, whose value begins with a revision. */
  static Fact ofChunk(PacketReader reader, long due) {
    ByteReader value = new ByteReader(reader.buffer(), reader.valueOffset(), reader.valueLength());
    long revision = value.readVarint();
    return new Fact(
        reader.timestamp(),
        due,
        revision,
        reader.buffer(),
        reader.keyOffset(),
        reader.keyLength(),
        value.position(),
        reader.valueOffset() + reader.valueLength() - value.position());
  }

  /** The same fact, with which there is something to do later. */
  Fact due(long newDue) {
    return new Fact(time, newDue, revision, buffer, keyOffset, keyLength, valueOffset, valueLength);
  }

  /** The same fact, after something was said of it. */
  Fact said() {
    return new Fact(
        time, due, revision + 1, buffer, keyOffset, keyLength, valueOffset, valueLength);
  }

  /** The key's bytes as Latin-1 characters. */
  String key() {
    return new String(buffer, keyOffset, keyLength, StandardCharsets.ISO_8859_1);
  }
}
