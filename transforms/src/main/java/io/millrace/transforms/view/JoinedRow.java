package io.millrace.transforms.view;

import io.millrace.schemas.wire.ByteReader;
import io.millrace.schemas.wire.ByteWriter;
import java.util.List;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Rows of several tables that were joined, as bytes: of each table, in the order of the joins, the
 * length of its row and 1 more, and the row as {@link ViewTable} keeps it; or 0 where an outer join
 * found none. What is joined to it is appended.
 */
final class JoinedRow {
  private static final byte NONE = 0;

  /** The first table's row, or the row of a table that is about to be joined. */
  static byte[] of(byte[] row) {
    ByteWriter out = new ByteWriter(row.length + 5);
    out.writeVarint(row.length + 1L);
    out.writeRaw(row, 0, row.length);
    return out.toByteArray();
  }

  /** The joined rows of both. */
  static byte[] concat(byte[] left, byte[] right) {
    byte[] joined = new byte[left.length + right.length];
    System.arraycopy(left, 0, joined, 0, left.length);
    System.arraycopy(right, 0, joined, left.length, right.length);
    return joined;
  }

  /** In place of the rows of so many tables. */
  static byte[] none(int tables) {
    byte[] none = new byte[tables];
    java.util.Arrays.fill(none, NONE);
    return none;
  }

  /**
   * What a join compares, or null if a part of it is null.
   *
   * @param slots tables, counted from the first in {@code joined}, and places in them
   */
  static byte @Nullable [] key(byte[] joined, List<ViewPlan.Slot> slots) {
    ByteWriter out = new ByteWriter(24);
    for (ViewPlan.Slot slot : slots) {
      ByteReader in = at(joined, slot.input());
      int length = in.readLength() - 1;
      if (length < 0 || !ViewTable.copy(joined, in.position(), length, slot.place(), out)) {
        return null;
      }
    }
    return out.toByteArray();
  }

  /** A reader that is at the length of a table's row. */
  static ByteReader at(byte[] joined, int input) {
    ByteReader in = new ByteReader(joined);
    for (int i = 0; i < input; i++) {
      in.skip(Math.max(0, in.readLength() - 1));
    }
    return in;
  }

  private JoinedRow() {}
}
