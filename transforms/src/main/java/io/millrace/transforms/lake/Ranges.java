package io.millrace.transforms.lake;

import java.util.ArrayList;
import java.util.List;

/** Disjoint ranges of offsets, in order; ranges that touch are one. */
record Ranges(List<Range> list) {
  static final Ranges NONE = new Ranges(List.of());

  /**
   * Offsets from {@code from} up to, but not including, {@code to}.
   *
   * @param from less than {@code to}
   */
  record Range(long from, long to) {}

  boolean isEmpty() {
    return list.isEmpty();
  }

  /** These ranges and one more; an empty one changes nothing. */
  Ranges with(long from, long to) {
    if (from >= to) {
      return this;
    }
    List<Range> joined = new ArrayList<>(list.size() + 1);
    long joinedFrom = from;
    long joinedTo = to;
    int before = 0;
    for (Range range : list) {
      if (range.to < joinedFrom) {
        joined.add(range);
        before++;
      } else if (range.from > joinedTo) {
        joined.add(range);
      } else {
        joinedFrom = Math.min(joinedFrom, range.from);
        joinedTo = Math.max(joinedTo, range.to);
      }
    }
    joined.add(before, new Range(joinedFrom, joinedTo));
    return new Ranges(List.copyOf(joined));
  }

  Ranges with(Ranges others) {
    Ranges all = this;
    for (Range other : others.list) {
      all = all.with(other.from, other.to);
    }
    return all;
  }

  /** What of these ranges lies in no other. */
  Ranges without(Ranges others) {
    Ranges left = this;
    for (Range other : others.list) {
      left = left.without(other);
    }
    return left;
  }

  private Ranges without(Range other) {
    Ranges left = NONE;
    for (Range range : list) {
      left = left.with(range.from, Math.min(range.to, other.from));
      left = left.with(Math.max(range.from, other.to), range.to);
    }
    return left;
  }

  /** What of these ranges lies between two offsets. */
  Ranges within(long from, long to) {
    Ranges within = NONE;
    for (Range range : list) {
      within = within.with(Math.max(range.from, from), Math.min(range.to, to));
    }
    return within;
  }

  boolean contains(long offset) {
    return covers(offset, offset + 1);
  }

  /** Whether all of a range is in here; an empty one is. */
  boolean covers(long from, long to) {
    for (Range range : list) {
      if (range.from <= from && to <= range.to) {
        return true;
      }
    }
    return from >= to;
  }

  /** The first offset at or after the given one that is not in here. */
  long firstMissing(long offset) {
    return list.stream()
        .filter(range -> range.from <= offset && offset < range.to)
        .findFirst()
        .map(Range::to)
        .orElse(offset);
  }

  /** The least offset; there must be one. */
  long from() {
    return list.get(0).from;
  }

  /** The offset behind the greatest; there must be one. */
  long to() {
    return list.get(list.size() - 1).to;
  }
}
