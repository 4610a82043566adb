package io.millrace.transforms.warehouse;

import java.nio.charset.StandardCharsets;
import java.sql.Array;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import org.postgresql.core.BaseConnection;
import org.postgresql.jdbc.PgArray;

/**
 * An array of one dimension in PostgreSQL's binary form: the number of dimensions, a flag for
 * nulls, the elements' type, the length and the lower bound, four bytes each, and the elements,
 * each after its length.
 *
 * @see <a
 *     href="https://github.com/postgres/postgres/blob/REL_17_STABLE/src/backend/utils/adt/arrayfuncs.c">array_recv</a>
 */
final class BinaryArray {
  private static final int NULLS = 4;
  private static final int NULL_LENGTH = -1;

  private final boolean isArray;
  private byte[] bytes;
  private int size;

  /**
   * An array to be filled with as many elements.
   *
   * @param bytesEach how long an element is, about
   */
  BinaryArray(BoundType type, int length, int bytesEach) {
    isArray = true;
    bytes = new byte[20 + length * (4 + bytesEach)];
    writeInt(1);
    writeInt(0);
    writeInt(type.element());
    writeInt(length);
    writeInt(1);
  }

  /** Elements of any types behind a beginning that is not an array's, as COPY takes them. */
  BinaryArray(byte[] beginning, int capacity) {
    isArray = false;
    bytes = Arrays.copyOf(beginning, beginning.length + capacity);
    size = beginning.length;
  }

  /** Adds two bytes that are no element. */
  void addRaw(short value) {
    ensure(2);
    bytes[size++] = (byte) (value >> 8);
    bytes[size++] = (byte) value;
  }

  /** All that was added, to be read up to {@link #size()}. */
  byte[] buffer() {
    return bytes;
  }

  int size() {
    return size;
  }

  void addNull() {
    if (isArray) {
      bytes[NULLS + 3] = 1;
    }
    ensure(4);
    writeInt(NULL_LENGTH);
  }

  void addBoolean(boolean value) {
    ensure(5);
    writeInt(1);
    bytes[size++] = (byte) (value ? 1 : 0);
  }

  void addShort(short value) {
    ensure(6);
    writeInt(2);
    bytes[size++] = (byte) (value >> 8);
    bytes[size++] = (byte) value;
  }

  void addInt(int value) {
    ensure(8);
    writeInt(4);
    writeInt(value);
  }

  void addLong(long value) {
    ensure(12);
    writeInt(8);
    writeInt((int) (value >> 32));
    writeInt((int) value);
  }

  void addBytes(byte[] value) {
    ensure(4 + value.length);
    writeInt(value.length);
    System.arraycopy(value, 0, bytes, size, value.length);
    size += value.length;
  }

  void addText(String value) {
    addBytes(value.getBytes(StandardCharsets.UTF_8));
  }

  private void writeInt(int value) {
    bytes[size++] = (byte) (value >> 24);
    bytes[size++] = (byte) (value >> 16);
    bytes[size++] = (byte) (value >> 8);
    bytes[size++] = (byte) value;
  }

  private void ensure(int more) {
    if (bytes.length - size < more) {
      bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, size + more));
    }
  }

  /** The array as the driver binds it, without looking into it. */
  Array toArray(Connection connection, BoundType type) throws SQLException {
    return new PgArray(
        connection.unwrap(BaseConnection.class), type.array(), Arrays.copyOf(bytes, size));
  }
}
