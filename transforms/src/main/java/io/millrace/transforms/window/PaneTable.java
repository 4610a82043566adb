package io.millrace.transforms.window;

import io.millrace.schemas.wire.ByteReader;
import io.millrace.schemas.wire.ByteWriter;
import java.util.Arrays;

/**
 * What was said of a window, of those keys that have changed before or after its result on time:
 * how often, whether there is more to say, and one row of accumulators: with {@link
 * Corrections#RETRACT} the value that was said and no longer holds, with {@link
 * Corrections#DISCARD} what came since.
 */
final class PaneTable {
  private static final int SAID = 1;
  private static final int CHANGED = 2;

  /** The rows, which hold what is to be retracted or what came since. */
  final AccumulatorTable values;

  private long[] revisions = new long[8];
  private byte[] states = new byte[8];
  private long[] pending = new long[8];
  private int changed;

  PaneTable(AccumulatorLayout layout) {
    values = new AccumulatorTable(layout);
  }

  private PaneTable(AccumulatorTable values) {
    this.values = values;
    reserve(values.size());
  }

  int size() {
    return values.size();
  }

  /** The row of a key, made if there is none. */
  int row(byte[] key, int offset, int length) {
    int row = values.row(key, offset, length);
    reserve(values.size());
    return row;
  }

  private void reserve(int rows) {
    if (rows > states.length) {
      int length = Math.max(rows, states.length * 2);
      revisions = Arrays.copyOf(revisions, length);
      states = Arrays.copyOf(states, length);
      pending = Arrays.copyOf(pending, length);
    }
  }

  /** Whether a result was given. */
  boolean isSaid(int row) {
    return (states[row] & SAID) != 0;
  }

  /** Whether there is something to say. */
  boolean isChanged(int row) {
    return (states[row] & CHANGED) != 0;
  }

  /** Whether there is something to say of any key. */
  boolean isChanged() {
    return changed > 0;
  }

  /** The revision of the result that was given last. */
  long revision(int row) {
    return revisions[row];
  }

  /** How many elements came since a result was given. */
  long pending(int row) {
    return pending[row];
  }

  void addPending(int row, long elements) {
    pending[row] += elements;
  }

  void setChanged(int row) {
    if (!isChanged(row)) {
      states[row] |= CHANGED;
      changed++;
    }
  }

  /** Notes that a result was given. */
  void setSaid(int row, long revision) {
    if (isChanged(row)) {
      changed--;
    }
    states[row] = SAID;
    revisions[row] = revision;
    pending[row] = 0;
    values.slots.clear(row);
  }

  /** Notes that the first result was given, whatever has changed since. */
  void setSaidBefore(int row) {
    states[row] |= SAID;
    revisions[row] = 0;
  }

  void write(ByteWriter out) {
    values.write(out);
    for (int row = 0; row < values.size(); row++) {
      out.writeByte(states[row]);
      out.writeVarint(revisions[row]);
      out.writeVarint(pending[row]);
    }
  }

  static PaneTable read(ByteReader in, AccumulatorLayout layout) {
    PaneTable table = new PaneTable(AccumulatorTable.read(in, layout));
    for (int row = 0; row < table.size(); row++) {
      table.states[row] = (byte) in.readByte();
      table.revisions[row] = in.readVarint();
      table.pending[row] = in.readVarint();
      if (table.isChanged(row)) {
        table.changed++;
      }
    }
    return table;
  }
}
