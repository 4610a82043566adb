package io.millrace.transforms.window;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * The accumulators of a range of slices, from few tables even where the slices are many: sixteen
 * slices that stand together are summed up in a block, sixteen blocks in one of the next level, and
 * so on. A block is made when a window first needs it, and takes what is added to its slices later.
 */
final class SliceCover {
  private static final int BITS = 4;
  private static final int LEVEL_BITS = 3;
  private static final int MOST_LEVELS = (1 << LEVEL_BITS) - 1;

  private final StateMap<AccumulatorTable> slices;
  private final StateMap<AccumulatorTable> blocks;
  private final int levels;

  SliceCover(
      StateMap<AccumulatorTable> slices, StateMap<AccumulatorTable> blocks, long slicesOfWindow) {
    this.slices = slices;
    this.blocks = blocks;
    this.levels = levels(slicesOfWindow);
  }

  /** A level is of use only if a window holds two blocks of it. */
  private static int levels(long slicesOfWindow) {
    int levels = 0;
    while (levels < MOST_LEVELS && slicesOfWindow >> (BITS * (levels + 1)) >= 2) {
      levels++;
    }
    return levels;
  }

  private static long id(int level, long block) {
    return block << LEVEL_BITS | level;
  }

  /** Gives the tables of a range of slices, to be read only. */
  void forEach(long first, long after, Consumer<AccumulatorTable> table) {
    if (levels == 0) {
      for (Long slice : slices.numbers().subSet(first, after)) {
        table.accept(slices.get(slice));
      }
      return;
    }
    long slice = first;
    while (slice < after) {
      int level = 0;
      while (level < levels && fits(slice, level + 1, after)) {
        level++;
      }
      AccumulatorTable part = part(level, slice >> (BITS * level));
      if (part != null && part.size() > 0) {
        table.accept(part);
      }
      slice += 1L << (BITS * level);
    }
  }

  private static boolean fits(long slice, int level, long after) {
    long length = 1L << (BITS * level);
    return (slice & (length - 1)) == 0 && slice + length <= after;
  }

  private @Nullable AccumulatorTable part(int level, long block) {
    if (level == 0) {
      return slices.get(block);
    }
    AccumulatorTable known = blocks.get(id(level, block));
    if (known != null) {
      return known;
    }
    AccumulatorTable made = blocks.change(id(level, block));
    for (long child = block << BITS; child < (block + 1) << BITS; child++) {
      AccumulatorTable part = part(level - 1, child);
      for (int row = 0; part != null && row < part.size(); row++) {
        made.merge(part, row);
      }
    }
    return made;
  }

  /** The blocks that hold a slice, as far as they were made: what is added to it, they take too. */
  List<AccumulatorTable> blocksOf(long slice) {
    List<AccumulatorTable> made = new ArrayList<>(0);
    for (int level = 1; level <= levels; level++) {
      long id = id(level, slice >> (BITS * level));
      if (blocks.get(id) != null) {
        made.add(blocks.change(id));
      }
    }
    return made;
  }

  /** Frees the blocks that hold no slice after one. */
  void freeUpTo(long slice) {
    if (levels > 0) {
      for (Long id : new ArrayList<>(blocks.numbers())) {
        int level = (int) (id & MOST_LEVELS);
        long last = (((id >> LEVEL_BITS) + 1) << (BITS * level)) - 1;
        if (last <= slice) {
          blocks.remove(id);
        }
      }
    }
  }
}
