package io.millrace.transforms.enrich;

import io.millrace.schemas.wire.ByteReader;
import io.millrace.schemas.wire.ByteWriter;
import java.util.Arrays;

/**
 * A {@link TableVersion} whose row is still bytes.
 *
 * @param time in milliseconds since 1970
 * @param flags those of {@link TableVersionCoder}
 * @param row no bytes of a delete
 */
@SuppressWarnings("ArrayRecordComponent") // compared by its own methods
record Version(long time, int flags, byte[] position, byte[] row) {

  /** Reads what {@link TableVersionCoder} wrote, to its last byte. */
  static Version ofTable(byte[] buffer, int offset, int length) {
    ByteReader in = new ByteReader(buffer, offset, length);
    int version = in.readByte();
    if (version != TableVersionCoder.VERSION) {
      throw new IllegalStateException(
          "A table's version in format " + version + " is newer than this code");
    }
    int flags = in.readByte();
    long time = in.readLong();
    byte[] position = in.readBytes();
    return new Version(
        time, flags, position, Arrays.copyOfRange(buffer, in.position(), offset + length));
  }

  /** Reads what {@link #write} wrote. */
  static Version read(ByteReader in) {
    return new Version(in.readLong(), in.readByte(), in.readBytes(), in.readBytes());
  }

  void write(ByteWriter out) {
    out.writeLong(time);
    out.writeByte(flags);
    out.writeBytes(position);
    out.writeBytes(row);
  }

  boolean isSnapshot() {
    return (flags & TableVersionCoder.SNAPSHOT) != 0;
  }

  /** Compares when and where two versions are; 0 if the one is the other again. */
  int comparePlace(Version other) {
    int byTime = Long.compare(time, other.time);
    return byTime != 0 ? byTime : Arrays.compareUnsigned(position, other.position);
  }

  /**
   * Tells which of two at one place holds: a delete, and else, of different ones, always the same.
   */
  int compareContent(Version other) {
    int byRow = Arrays.compareUnsigned(row, other.row);
    int byKind =
        Integer.compare(flags & TableVersionCoder.DELETE, other.flags & TableVersionCoder.DELETE);
    return byKind != 0 ? byKind : byRow != 0 ? byRow : Integer.compare(flags, other.flags);
  }
}
