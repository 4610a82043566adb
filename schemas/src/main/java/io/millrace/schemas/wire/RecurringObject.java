package io.millrace.schemas.wire;

import java.util.Arrays;

/**
 * An object that mostly differs from the one before in some whole numbers only, such as a
 * description of where a record is from. Moving over such a one compares the bytes between the
 * numbers, and reads these.
 */
public final class RecurringObject {
  private static final int MOST = 16;
  private static final byte[] NONE = {};

  private byte[] last = NONE;
  private final int[] codes = new int[MOST];
  private final int[] starts = new int[MOST];
  private final int[] ends = new int[MOST];
  private final long[] numbers = new long[MOST];
  private int count;
  private int begin;

  /** Moves over the next object if it is like the last; if not, the position is undefined. */
  public boolean next(JsonScanner json) {
    if (last.length == 0) {
      return false;
    }
    int from = 0;
    for (int i = 0; i < count; i++) {
      if (!json.take(last, from, starts[i]) || !json.digits()) {
        return false;
      }
      numbers[i] = json.number();
      from = ends[i];
    }
    return json.take(last, from, last.length);
  }

  /** How many numbers the object has. */
  public int count() {
    return count;
  }

  /** The code under which a number was {@link #learn learnt}. */
  public int code(int index) {
    return codes[index];
  }

  /** A number of the object that {@link #next} moved over. */
  public long number(int index) {
    return numbers[index];
  }

  /** Begins to learn another object, which starts at the scanner. */
  public void begin(JsonScanner json) {
    begin = json.position();
    count = 0;
    last = NONE;
  }

  /** Learns that a number, which the scanner has just moved over, began here. */
  public void learn(int code, int start, JsonScanner json) {
    if (count < MOST) {
      codes[count] = code;
      starts[count] = start - begin;
      ends[count] = json.position() - begin;
      count++;
    }
  }

  /** Has learnt the object, which the scanner has just moved over. */
  public void end(JsonScanner json) {
    last = Arrays.copyOfRange(json.buffer(), begin, json.position());
  }
}
