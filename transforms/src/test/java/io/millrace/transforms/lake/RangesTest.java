package io.millrace.transforms.lake;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import java.util.BitSet;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Ranges against the set of all their offsets. */
class RangesTest {
  private static final int MOST = 40;

  @Property(tries = 500)
  void areTheSetOfTheirOffsets(
      @ForAll @Size(max = 12) List<@IntRange(max = MOST - 1) Integer> bounds,
      @ForAll @Size(max = 6) List<@IntRange(max = MOST - 1) Integer> others) {
    Ranges ranges = ranges(bounds);
    Ranges other = ranges(others);
    BitSet set = set(bounds);
    assertThat(ranges, is(of(set)));
    BitSet both = set(bounds);
    both.or(set(others));
    assertThat(ranges.with(other), is(of(both)));
    BitSet left = set(bounds);
    left.andNot(set(others));
    assertThat(ranges.without(other), is(of(left)));
    BitSet within = set(bounds);
    within.clear(0, 10);
    within.clear(20, MOST);
    assertThat(ranges.within(10, 20), is(of(within)));
    for (int offset = 0; offset < MOST; offset++) {
      assertThat(ranges.contains(offset), is(set.get(offset)));
      assertThat(ranges.firstMissing(offset), is((long) set.nextClearBit(offset)));
      assertThat(ranges.covers(offset, offset + 5), is(set.nextClearBit(offset) >= offset + 5));
    }
  }

  private static Ranges ranges(List<Integer> bounds) {
    Ranges ranges = Ranges.NONE;
    for (int i = 0; i + 1 < bounds.size(); i += 2) {
      ranges = ranges.with(bounds.get(i), bounds.get(i + 1));
    }
    return ranges;
  }

  private static BitSet set(List<Integer> bounds) {
    BitSet set = new BitSet();
    for (int i = 0; i + 1 < bounds.size(); i += 2) {
      if (bounds.get(i) < bounds.get(i + 1)) {
        set.set(bounds.get(i), bounds.get(i + 1));
      }
    }
    return set;
  }

  private static Ranges of(BitSet set) {
    Ranges ranges = Ranges.NONE;
    for (int offset = set.nextSetBit(0); offset >= 0; offset = set.nextSetBit(offset + 1)) {
      ranges = ranges.with(offset, offset + 1);
    }
    return ranges;
  }
}
