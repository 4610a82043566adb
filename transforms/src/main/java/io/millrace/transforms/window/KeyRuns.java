package io.millrace.transforms.window;

import java.util.ArrayList;
import java.util.List;

/** A key's runs, by their first times. */
final class KeyRuns {
  final byte[] key;
  final List<Run> runs = new ArrayList<>(2);

  /** When the queue will look at the key again. */
  long queuedFor = WindowBucket.NEVER;

  KeyRuns(byte[] key) {
    this.key = key;
  }

  /** The index of the first run that begins at a time or later. */
  int indexFrom(long first) {
    int low = 0;
    int high = runs.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (runs.get(middle).first < first) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
