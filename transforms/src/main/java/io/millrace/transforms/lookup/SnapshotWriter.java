package io.millrace.transforms.lookup;

import io.millrace.schemas.wire.ByteWriter;

/**
 * Writes a version of a table as one array of bytes, which a {@link Snapshot} is made of.
 *
 * <p>Format, version 1: the version byte; the table's version, in milliseconds since 1970 (a zigzag
 * varint); then the rows. Each is its key and itself, each a length (a varint) and bytes.
 */
final class SnapshotWriter {
  static final int VERSION = 1;

  private final String table;
  private final SizeLimit limit;
  private final ByteWriter out = new ByteWriter(1024);
  private long rows;
  private long bytes;

  SnapshotWriter(String table, long version, SizeLimit limit) {
    this.table = table;
    this.limit = limit;
    out.writeByte(VERSION);
    out.writeZigzag(version);
  }

  /**
   * Adds a row.
   *
   * @throws TableTooLargeException if it is too much
   */
  void add(byte[] key, byte[] row) {
    rows++;
    bytes += key.length + row.length;
    limit.check(table, rows, bytes);
    out.writeBytes(key);
    out.writeBytes(row);
  }

  byte[] finish() {
    return out.toByteArray();
  }
}
