package io.millrace.transforms.read;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.apache.beam.sdk.io.range.OffsetRange;
import org.apache.beam.sdk.transforms.splittabledofn.RestrictionTracker.IsBounded;
import org.apache.beam.sdk.transforms.splittabledofn.SplitResult;
import org.junit.jupiter.api.Test;

class BlockRangeTrackerTest {
  private final BlockRangeTracker tracker = new BlockRangeTracker(new OffsetRange(100, 1_000));

  @Test
  void stopsBehindTheLastBlock() {
    assertThat(tracker.tryClaim(149L), is(true));
    SplitResult<OffsetRange> split = tracker.trySplit(0);
    assertThat(split.getPrimary(), is(new OffsetRange(100, 150)));
    assertThat(split.getResidual(), is(new OffsetRange(150, 1_000)));
    assertThat(tracker.tryClaim(199L), is(false));
    tracker.checkDone();
  }

  @Test
  void isNotSplitInABlock() {
    assertThat(tracker.tryClaim(149L), is(true));
    assertThat(tracker.trySplit(0.5), is(nullValue()));
    assertThrows(IllegalStateException.class, tracker::checkDone);
    assertThat(tracker.tryClaim(999L), is(true));
    tracker.checkDone();
  }

  @Test
  void aPartThatIsOpenIsUnbounded() {
    assertThat(tracker.isBounded(), is(IsBounded.BOUNDED));
    BlockRangeTracker open = new BlockRangeTracker(new OffsetRange(0, LogPart.OPEN));
    assertThat(open.isBounded(), is(IsBounded.UNBOUNDED));
    assertThat(open.tryClaim(7L), is(true));
    assertThat(open.trySplit(0).getResidual(), is(new OffsetRange(8, LogPart.OPEN)));
  }
}
