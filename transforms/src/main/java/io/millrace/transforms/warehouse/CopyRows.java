package io.millrace.transforms.warehouse;

import io.millrace.schemas.ChangeEvent;
import io.millrace.schemas.contract.ColumnContract;
import io.millrace.schemas.contract.ColumnType;
import io.millrace.schemas.contract.ColumnType.Kind;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.BitSet;
import java.util.stream.Stream;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/**
 * Rows in the form in which COPY takes them, which costs the server far less than an INSERT: a
 * field is its length and the binary form of its column's type.
 *
 * @see <a href="https://www.postgresql.org/docs/17/sql-copy.html#SQL-COPY-FILE-FORMATS">COPY,
 *     binary format</a>
 */
final class CopyRows {
  /** A signature, no flags, and no extension of the header. */
  private static final byte[] HEADER =
      "PGCOPY\n\u00ff\r\n\0\0\0\0\0\0\0\0\0".getBytes(StandardCharsets.ISO_8859_1);

  private static final byte JSONB_VERSION = 1;
  private static final byte[] END = {-1, -1};
  private static final int TYPICAL_BYTES = 300;

  private final BinaryArray bytes;
  private final short fields;

  /** Where each group of rows ends. */
  private final int[] ends;

  private int groups;

  /** For so many groups of rows of so many fields each. */
  CopyRows(int groups, int fields) {
    this.bytes = new BinaryArray(HEADER, groups * TYPICAL_BYTES);
    this.fields = (short) fields;
    this.ends = new int[groups];
  }

  /** Whether all columns of a table have a form that is known here. */
  static boolean canTake(TargetTable table) {
    return Stream.concat(
            table.key().stream().map(ColumnContract::type), table.valueTypes().stream())
        .allMatch(CopyRows::canTake);
  }

  private static boolean canTake(ColumnType type) {
    return BoundType.of(type) != BoundType.TEXT
        || type.kind() == Kind.TEXT
        || type.kind() == Kind.JSON;
  }

  void beginRow() {
    bytes.addRaw(fields);
  }

  void add(ColumnType type, @Nullable Object value) {
    if (value != null && type.kind() == Kind.JSON && type.name().equals("jsonb")) {
      byte[] text = PostgresValues.text(value).getBytes(StandardCharsets.UTF_8);
      byte[] jsonb = new byte[text.length + 1];
      jsonb[0] = JSONB_VERSION;
      System.arraycopy(text, 0, jsonb, 1, text.length);
      bytes.addBytes(jsonb);
    } else {
      BoundType.of(type).addValue(value, bytes);
    }
  }

  void addText(String text) {
    bytes.addText(text);
  }

  void addBytes(byte @Nullable [] value) {
    BoundType.BYTES.addValue(value, bytes);
  }

  /** A time in microseconds since 1970; {@link ChangeEvent#NO_TIME} is null. */
  void addTime(long micros) {
    if (micros == ChangeEvent.NO_TIME) {
      bytes.addNull();
    } else {
      bytes.addLong(BoundType.micros(micros));
    }
  }

  void addFlag(boolean flag) {
    bytes.addBoolean(flag);
  }

  void endGroup() {
    ends[groups++] = bytes.size();
  }

  /**
   * Sends the rows.
   *
   * @param without the groups to be left out
   */
  void copy(Connection connection, String sql, BitSet without) throws SQLException {
    CopyIn copy = connection.unwrap(PGConnection.class).getCopyAPI().copyIn(sql);
    try {
      int sent = 0;
      for (int left = without.nextSetBit(0); left >= 0; left = without.nextSetBit(left + 1)) {
        int begin = left == 0 ? HEADER.length : ends[left - 1];
        copy.writeToCopy(bytes.buffer(), sent, begin - sent);
        sent = ends[left];
      }
      copy.writeToCopy(bytes.buffer(), sent, bytes.size() - sent);
      copy.writeToCopy(END, 0, END.length);
      copy.endCopy();
    } finally {
      if (copy.isActive()) {
        copy.cancelCopy();
      }
    }
  }
}
