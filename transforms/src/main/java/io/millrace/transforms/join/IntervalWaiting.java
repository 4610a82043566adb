package io.millrace.transforms.join;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Which slices of a bucket have elements that wait to be said as joined by nothing, and what the
 * timer is set to for them. It never changes; each change makes another, since a runner may still
 * hold the old one.
 *
 * @param watermark at which some were said or freed last: after a restart a runner's watermark may
 *     be less, but what was said is said
 * @param due what the timer is set to, {@link IntervalSlice#NONE} if it is not
 * @param held where the timer holds the watermark
 * @param left slices of the left side, by the first that waits
 * @param right slices of the right side, by the first that waits
 */
record IntervalWaiting(long watermark, long due, long held, List<Waiter> left, List<Waiter> right) {
  static final IntervalWaiting NONE =
      new IntervalWaiting(
          Long.MIN_VALUE, IntervalSlice.NONE, IntervalSlice.NONE, List.of(), List.of());

  private static final Comparator<Waiter> ORDER =
      Comparator.comparingLong(Waiter::time).thenComparing(Waiter::name);

  /** A slice with the time of the first of its elements that waits. */
  record Waiter(long time, String name) {}

  /** Whether this is that one, unchanged. */
  @SuppressWarnings("ReferenceEquality")
  boolean is(IntervalWaiting waiting) {
    return this == waiting;
  }

  List<Waiter> of(IntervalSide side) {
    return side == IntervalSide.LEFT ? left : right;
  }

  /** The time of the first that waits; {@link IntervalSlice#NONE} if none does. */
  long earliest() {
    return Math.min(earliest(left), earliest(right));
  }

  private static long earliest(List<Waiter> waiters) {
    return waiters.isEmpty() ? IntervalSlice.NONE : waiters.get(0).time();
  }

  /** The watermark at which the first is to be said; {@link IntervalSlice#NONE} if none waits. */
  long earliestOver(IntervalRules rules) {
    long over = IntervalSlice.NONE;
    for (IntervalSide side : IntervalSide.values()) {
      if (!of(side).isEmpty()) {
        over = Math.min(over, rules.over(side, of(side).get(0).time()));
      }
    }
    return over;
  }

  /** With some said or freed at this watermark. */
  IntervalWaiting passed(long watermark) {
    return new IntervalWaiting(Math.max(this.watermark, watermark), due, held, left, right);
  }

  /** With the timer set to this. */
  IntervalWaiting withTimer(long due, long held) {
    return new IntervalWaiting(watermark, due, held, left, right);
  }

  /** Without some, and with others, of a side. */
  IntervalWaiting with(IntervalSide side, List<Waiter> gone, List<Waiter> come) {
    if (gone.isEmpty() && come.isEmpty()) {
      return this;
    }
    List<Waiter> others = change(of(side), gone, come);
    return side == IntervalSide.LEFT
        ? new IntervalWaiting(watermark, due, held, others, right)
        : new IntervalWaiting(watermark, due, held, left, others);
  }

  /** Copies runs of those that stay: there may be thousands, and few of them change. */
  private static List<Waiter> change(List<Waiter> waiters, List<Waiter> gone, List<Waiter> come) {
    List<Waiter> edits = new ArrayList<>(gone);
    edits.addAll(come);
    edits.sort(ORDER);
    Set<Waiter> leaving = new HashSet<>(gone);
    List<Waiter> changed = new ArrayList<>(waiters.size() + come.size());
    int next = 0;
    for (Waiter edit : edits) {
      int found = Collections.binarySearch(waiters, edit, ORDER);
      int place = found < 0 ? -found - 1 : found;
      changed.addAll(waiters.subList(next, place));
      next = place;
      if (leaving.contains(edit)) {
        next++;
      } else {
        changed.add(edit);
      }
    }
    changed.addAll(waiters.subList(next, waiters.size()));
    return Collections.unmodifiableList(changed);
  }
}
