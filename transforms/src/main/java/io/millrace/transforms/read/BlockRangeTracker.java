package io.millrace.transforms.read;

import org.apache.beam.sdk.io.range.OffsetRange;
import org.apache.beam.sdk.transforms.splittabledofn.OffsetRangeTracker;
import org.apache.beam.sdk.transforms.splittabledofn.RestrictionTracker;
import org.apache.beam.sdk.transforms.splittabledofn.SplitResult;

/**
 * Tracks the offsets that were read, block by block: claim a block's last offset. It can be stopped
 * between blocks, and is not split elsewhere, since that could be in the middle of one.
 */
final class BlockRangeTracker extends RestrictionTracker<OffsetRange, Long>
    implements RestrictionTracker.HasProgress {
  private final OffsetRangeTracker tracker;

  BlockRangeTracker(OffsetRange range) {
    tracker = new OffsetRangeTracker(range);
  }

  @Override
  public boolean tryClaim(Long lastOffset) {
    return tracker.tryClaim(lastOffset);
  }

  @Override
  public OffsetRange currentRestriction() {
    return tracker.currentRestriction();
  }

  @Override
  public SplitResult<OffsetRange> trySplit(double fractionOfRemainder) {
    return fractionOfRemainder == 0 ? tracker.trySplit(0) : null;
  }

  @Override
  public void checkDone() {
    tracker.checkDone();
  }

  /** A part that goes on for ever is never done. */
  @Override
  public IsBounded isBounded() {
    return currentRestriction().getTo() == LogPart.OPEN ? IsBounded.UNBOUNDED : IsBounded.BOUNDED;
  }

  @Override
  public Progress getProgress() {
    return tracker.getProgress();
  }
}
