package io.millrace.transforms.window;

import io.millrace.schemas.wire.ByteReader;
import io.millrace.schemas.wire.ByteWriter;
import java.util.Arrays;

/**
 * Accumulators by key: a hash table with open addressing over one array of all keys' bytes. A row
 * is 10 to 16 bytes, the key's, and the layout's numbers and objects; rows are never taken out one
 * by one.
 */
final class AccumulatorTable {
  private static final int FIRST_ROWS = 8;

  final Slots slots;
  private byte[] keys = new byte[FIRST_ROWS * 12];
  private int[] keyEnds = new int[FIRST_ROWS];
  private int[] hashes = new int[FIRST_ROWS];
  private int[] index = new int[FIRST_ROWS * 2];
  private int size;

  AccumulatorTable(AccumulatorLayout layout) {
    slots = new Slots(layout, FIRST_ROWS);
  }

  int size() {
    return size;
  }

  byte[] keys() {
    return keys;
  }

  int keyStart(int row) {
    return row == 0 ? 0 : keyEnds[row - 1];
  }

  int keyLength(int row) {
    return keyEnds[row] - keyStart(row);
  }

  /** The row of a key, made if there is none. */
  int row(byte[] key, int offset, int length) {
    int hash = KeyHash.of(key, offset, length);
    int place = find(hash, key, offset, length);
    return index[place] != 0 ? index[place] - 1 : append(place, hash, key, offset, length);
  }

  /** The row of a key, or -1. */
  int existing(byte[] key, int offset, int length) {
    return index[find(KeyHash.of(key, offset, length), key, offset, length)] - 1;
  }

  /** Where the index has the key, or is free for it. */
  private int find(int hash, byte[] key, int offset, int length) {
    int mask = index.length - 1;
    int place = hash & mask;
    while (index[place] != 0) {
      int row = index[place] - 1;
      if (hashes[row] == hash) {
        int start = keyStart(row);
        if (Arrays.equals(keys, start, keyEnds[row], key, offset, offset + length)) {
          return place;
        }
      }
      place = (place + 1) & mask;
    }
    return place;
  }

  private int append(int place, int hash, byte[] key, int offset, int length) {
    int row = size;
    int start = keyStart(row);
    if (row == keyEnds.length) {
      keyEnds = Arrays.copyOf(keyEnds, row * 2);
      hashes = Arrays.copyOf(hashes, row * 2);
    }
    if (start + length > keys.length) {
      keys = Arrays.copyOf(keys, Math.max(keys.length * 2, start + length));
    }
    slots.reserve(row + 1);
    System.arraycopy(key, offset, keys, start, length);
    keyEnds[row] = start + length;
    hashes[row] = hash;
    index[place] = row + 1;
    size++;
    if (size * 3 > index.length * 2) {
      reindex(index.length * 2);
    }
    return row;
  }

  private void reindex(int places) {
    index = new int[places];
    int mask = places - 1;
    for (int row = 0; row < size; row++) {
      int place = hashes[row] & mask;
      while (index[place] != 0) {
        place = (place + 1) & mask;
      }
      index[place] = row + 1;
    }
  }

  /** Adds a row of another table to the row of the same key. */
  void merge(AccumulatorTable from, int fromRow) {
    int row = row(from.keys, from.keyStart(fromRow), from.keyLength(fromRow));
    slots.layout.merge(slots, row, from.slots, fromRow);
  }

  /** Takes out all rows, and keeps the room. */
  void clear() {
    slots.clearFirst(size);
    Arrays.fill(index, 0);
    size = 0;
  }

  void write(ByteWriter out) {
    out.writeVarint(size);
    for (int row = 0; row < size; row++) {
      out.writeBytes(keys, keyStart(row), keyLength(row));
      slots.layout.write(slots, row, out);
    }
  }

  static AccumulatorTable read(ByteReader in, AccumulatorLayout layout) {
    AccumulatorTable table = new AccumulatorTable(layout);
    for (int rows = in.readLength(); rows > 0; rows--) {
      int length = in.readLength();
      layout.read(in, table.slots, table.row(in.buffer(), in.skip(length), length));
    }
    return table;
  }
}
