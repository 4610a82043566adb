package io.millrace.transforms.window;

import java.util.Arrays;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Accumulators, row by row: numbers in one array, objects in another. An {@link AccumulatorLayout}
 * says what is where.
 */
final class Slots {
  final AccumulatorLayout layout;
  long[] longs;
  @Nullable Object[] objects;

  Slots(AccumulatorLayout layout, int rows) {
    this.layout = layout;
    longs = new long[rows * layout.longs()];
    objects = new Object[rows * layout.objects()];
  }

  void reserve(int rows) {
    if (longs.length < rows * layout.longs()) {
      longs =
          Arrays.copyOf(longs, Math.max(rows, 2 * longs.length / layout.longs()) * layout.longs());
    }
    if (objects.length < rows * layout.objects()) {
      objects =
          Arrays.copyOf(
              objects, Math.max(rows, 2 * objects.length / layout.objects()) * layout.objects());
    }
  }

  /** How many elements a row stands for. */
  long count(int row) {
    return longs[row * layout.longs()];
  }

  /** Makes a row empty. */
  void clear(int row) {
    Arrays.fill(longs, row * layout.longs(), (row + 1) * layout.longs(), 0);
    Arrays.fill(objects, row * layout.objects(), (row + 1) * layout.objects(), null);
  }

  /** Makes the first rows empty. */
  void clearFirst(int rows) {
    Arrays.fill(longs, 0, rows * layout.longs(), 0);
    Arrays.fill(objects, 0, rows * layout.objects(), null);
  }
}
