package io.millrace.transforms.view;

import io.millrace.schemas.wire.ByteReader;
import io.millrace.schemas.wire.ByteWriter;
import io.millrace.transforms.cdc.RowState;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * What is remembered of a row of a table: which changes made it, and the row as {@link ViewTable}
 * keeps it, null if there is none. As bytes: a version (1), the {@link RowState}, the row's length
 * and 1 more, or 0, and the row.
 */
final class StoredRow {
  private static final int VERSION = 1;

  private final RowState state;
  private final byte @Nullable [] row;

  StoredRow(RowState state, byte @Nullable [] row) {
    this.state = state;
    this.row = row;
  }

  RowState state() {
    return state;
  }

  byte @Nullable [] row() {
    return row;
  }

  byte[] encode() {
    ByteWriter out = new ByteWriter(64);
    out.writeByte(VERSION);
    state.encode(out);
    if (row == null) {
      out.writeVarint(0);
    } else {
      out.writeVarint(row.length + 1L);
      out.writeRaw(row, 0, row.length);
    }
    return out.toByteArray();
  }

  static StoredRow decode(byte[] encoded) {
    ByteReader in = new ByteReader(encoded);
    int version = in.readByte();
    if (version != VERSION) {
      throw new IllegalStateException(
          "A row of a view's table has version " + version + ", which this code does not know");
    }
    RowState state = RowState.decode(in);
    int length = in.readLength();
    if (length == 0) {
      return new StoredRow(state, null);
    }
    byte[] row = new byte[length - 1];
    System.arraycopy(encoded, in.position(), row, 0, row.length);
    return new StoredRow(state, row);
  }
}
