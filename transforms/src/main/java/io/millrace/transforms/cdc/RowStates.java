package io.millrace.transforms.cdc;

import io.millrace.schemas.ChangeEventReader;
import io.millrace.schemas.Operation;
import io.millrace.schemas.Position;
import io.millrace.schemas.wire.ByteReader;
import io.millrace.schemas.wire.ByteWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The {@link RowState}s of all rows of one bucket, in one array of bytes with an open-addressing
 * index over it: some 40 bytes a row, and no object of its own for any. A row whose state keeps its
 * length is changed in place; one that grows is appended, and the array is packed anew when half of
 * it is waste.
 *
 * <p>An entry is the length of its key, the key (the table's number and the row's key), the length
 * of its state and the state.
 */
final class RowStates {
  private static final int FREE = -1;

  private final List<String> tables = new ArrayList<>();
  private final Map<String, Integer> numbers = new HashMap<>();
  private byte[] entries;
  private int used;
  private int waste;
  private int count;
  private int[] offsets;
  private int[] hashes;

  RowStates() {
    entries = new byte[256];
    offsets = new int[16];
    hashes = new int[16];
    Arrays.fill(offsets, FREE);
  }

  /** How many rows there are. */
  int size() {
    return count;
  }

  /** How many bytes of heap the rows take, spare room included. */
  long heapBytes() {
    return entries.length + 4L * offsets.length + 4L * hashes.length;
  }

  /** The tables seen, in order of appearance. */
  List<String> tables() {
    return tables;
  }

  /** Takes in the change that the reader is at, and says what becomes of it. */
  Outcome offer(ChangeEventReader change, Deletes deletes) {
    return offer(number(change.table()), change, deletes);
  }

  int number(String table) {
    Integer known = numbers.get(table);
    if (known != null) {
      return known;
    }
    int number = tables.size();
    numbers.put(table, number);
    tables.add(table);
    return number;
  }

  private Outcome offer(int table, ChangeEventReader change, Deletes deletes) {
    int hash = hash(table, change.buffer(), change.keyStart(), change.keyLength());
    int slot = slot(hash, table, change);
    Operation operation = change.operation();
    List<String> unchanged = change.unchanged();
    if (offsets[slot] == FREE) {
      append(
          slot,
          hash,
          table,
          change,
          RowState.first(operation, unchanged, position(change), deletes));
      return Outcome.ACCEPTED;
    }
    ByteReader in = new ByteReader(entries, offsets[slot], used - offsets[slot]);
    in.skip(in.readLength());
    int length = in.readLength();
    int state = in.position();
    int positionLength = in.readLength();
    int position = in.skip(positionLength);
    boolean nothingOpen = in.readByte() == 0;
    if (nothingOpen) {
      int order =
          Arrays.compareUnsigned(
              change.buffer(),
              change.positionStart(),
              change.positionStart() + change.positionLength(),
              entries,
              position,
              position + positionLength);
      if (order <= 0) {
        return order == 0 ? Outcome.DUPLICATE : Outcome.SUPERSEDED;
      }
      boolean suppliesAll = operation.isUpsert() ? unchanged.isEmpty() : deletes == Deletes.HARD;
      if (suppliesAll && positionLength == change.positionLength()) {
        System.arraycopy(
            change.buffer(), change.positionStart(), entries, position, positionLength);
        return Outcome.ACCEPTED;
      }
    }
    RowState row = RowState.decode(new ByteReader(entries, state, length));
    Outcome outcome = row.offer(operation, unchanged, position(change), deletes);
    if (outcome == Outcome.ACCEPTED) {
      replace(slot, hash, table, change, state, length, row);
    }
    return outcome;
  }

  private static Position position(ChangeEventReader change) {
    return Position.of(
        Arrays.copyOfRange(
            change.buffer(),
            change.positionStart(),
            change.positionStart() + change.positionLength()));
  }

  /** The slot of a row, or the free one where it belongs. */
  private int slot(int hash, int table, ChangeEventReader change) {
    int mask = offsets.length - 1;
    for (int slot = hash & mask; ; slot = (slot + 1) & mask) {
      if (offsets[slot] == FREE || (hashes[slot] == hash && isAt(offsets[slot], table, change))) {
        return slot;
      }
    }
  }

  private boolean isAt(int offset, int table, ChangeEventReader change) {
    ByteReader in = new ByteReader(entries, offset, used - offset);
    int length = in.readLength();
    int start = in.position();
    if (in.readVarint() != table) {
      return false;
    }
    int key = in.position();
    return Arrays.equals(
        entries,
        key,
        start + length,
        change.buffer(),
        change.keyStart(),
        change.keyStart() + change.keyLength());
  }

  private void replace(
      int slot,
      int hash,
      int table,
      ChangeEventReader change,
      int state,
      int length,
      RowState row) {
    ByteWriter encoded = new ByteWriter(length + 32);
    row.encode(encoded);
    if (encoded.length() == length) {
      System.arraycopy(encoded.buffer(), 0, entries, state, length);
      return;
    }
    waste += state + length - offsets[slot];
    count--;
    append(slot, hash, table, change, row);
    if (waste > used / 2) {
      pack();
    }
  }

  private void append(int slot, int hash, int table, ChangeEventReader change, RowState row) {
    ByteWriter entry = new ByteWriter(change.keyLength() + 64);
    ByteWriter number = new ByteWriter(5);
    number.writeVarint(table);
    entry.writeVarint(number.length() + change.keyLength());
    entry.writeRaw(number.buffer(), 0, number.length());
    entry.writeRaw(change.buffer(), change.keyStart(), change.keyLength());
    ByteWriter state = new ByteWriter(64);
    row.encode(state);
    entry.writeBytes(state.buffer(), 0, state.length());
    offsets[slot] = append(entry.buffer(), 0, entry.length());
    hashes[slot] = hash;
    count++;
    if (count * 3 > offsets.length * 2) {
      index(offsets.length * 2);
    }
  }

  private int append(byte[] bytes, int start, int length) {
    if (used + length > entries.length) {
      entries =
          Arrays.copyOf(entries, Math.max(entries.length + entries.length / 2, used + length));
    }
    System.arraycopy(bytes, start, entries, used, length);
    used += length;
    return used - length;
  }

  private void index(int slots) {
    int[] oldOffsets = offsets;
    int[] oldHashes = hashes;
    offsets = new int[slots];
    hashes = new int[slots];
    Arrays.fill(offsets, FREE);
    for (int i = 0; i < oldOffsets.length; i++) {
      if (oldOffsets[i] != FREE) {
        place(oldHashes[i], oldOffsets[i]);
      }
    }
  }

  private void place(int hash, int offset) {
    int mask = offsets.length - 1;
    int slot = hash & mask;
    while (offsets[slot] != FREE) {
      slot = (slot + 1) & mask;
    }
    offsets[slot] = offset;
    hashes[slot] = hash;
  }

  private void pack() {
    byte[] old = entries;
    int oldUsed = used;
    entries = new byte[used - waste + used / 4];
    used = 0;
    waste = 0;
    for (int slot = 0; slot < offsets.length; slot++) {
      if (offsets[slot] != FREE) {
        offsets[slot] = append(old, offsets[slot], entryLength(old, offsets[slot], oldUsed));
      }
    }
  }

  private static int entryLength(byte[] bytes, int offset, int end) {
    ByteReader in = new ByteReader(bytes, offset, end - offset);
    in.skip(in.readLength());
    in.skip(in.readLength());
    return in.position() - offset;
  }

  private static int hash(int table, byte[] key, int start, int length) {
    int hash = 31 + table;
    for (int i = start; i < start + length; i++) {
      hash = 31 * hash + key[i];
    }
    hash *= 0x9E3779B9;
    return hash ^ (hash >>> 15);
  }

  /** Writes the tables, the number of rows, and the entries; changes nothing. */
  void encode(ByteWriter out) {
    out.writeVarint(tables.size());
    for (String table : tables) {
      out.writeText(table);
    }
    out.writeVarint(count);
    for (int offset : offsets) {
      if (offset != FREE) {
        out.writeRaw(entries, offset, entryLength(entries, offset, used));
      }
    }
  }

  /**
   * @param countsOfTable how many numbers follow each table, for nothing
   */
  static RowStates decode(ByteReader in, int countsOfTable) {
    RowStates states = new RowStates();
    int tableCount = in.readLength();
    for (int i = 0; i < tableCount; i++) {
      states.number(in.readText());
      for (int k = 0; k < countsOfTable; k++) {
        in.readVarint();
      }
    }
    int rows = in.readLength();
    int slots = Math.max(16, Integer.highestOneBit(Math.max(1, rows * 3 / 2)) * 2);
    states.index(slots);
    int start = in.position();
    int[] starts = new int[rows + 1];
    for (int i = 0; i < rows; i++) {
      starts[i] = in.position();
      in.skip(in.readLength());
      in.skip(in.readLength());
    }
    starts[rows] = in.position();
    states.entries = Arrays.copyOfRange(in.buffer(), start, starts[rows]);
    states.used = states.entries.length;
    states.count = rows;
    for (int i = 0; i < rows; i++) {
      ByteReader entry = new ByteReader(in.buffer(), starts[i], starts[i + 1] - starts[i]);
      int length = entry.readLength();
      int end = entry.position() + length;
      int table = entry.readLength();
      states.place(
          hash(table, in.buffer(), entry.position(), end - entry.position()), starts[i] - start);
    }
    return states;
  }
}
