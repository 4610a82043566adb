package io.millrace.transforms.compaction;

import io.millrace.schemas.Position;
import io.millrace.transforms.cdc.Deletes;
import io.millrace.transforms.cdc.Outcome;
import io.millrace.transforms.cdc.RowState;
import java.util.ArrayList;
import java.util.List;

/**
 * Chooses, of the changes of one row, those that make it what it is: the newest, and where that
 * left columns as they were, those that supplied them. Which these are does not depend on the order
 * that changes come in. A delete supplies no column where deleted rows keep their values, and all
 * of them where they do not; what either needs is kept.
 */
final class RowChoice {
  private record Held(Position position, Place place) {}

  private final RowState soft;
  private final RowState hard;
  private final List<Held> held = new ArrayList<>(1);

  /** A row of which this is the first change that is seen. */
  RowChoice(Sighting change) {
    soft = RowState.first(change.operation(), change.unchanged(), change.position(), Deletes.SOFT);
    hard = RowState.first(change.operation(), change.unchanged(), change.position(), Deletes.HARD);
    hold(change);
  }

  /** Takes in another change. */
  void offer(Sighting change) {
    boolean bySoft = isAccepted(soft, change, Deletes.SOFT);
    boolean byHard = isAccepted(hard, change, Deletes.HARD);
    if (bySoft || byHard) {
      hold(change);
      held.removeIf(other -> !isNeeded(soft, other) && !isNeeded(hard, other));
    }
  }

  private static boolean isAccepted(RowState row, Sighting change, Deletes deletes) {
    return row.offer(change.operation(), change.unchanged(), change.position(), deletes)
        == Outcome.ACCEPTED;
  }

  private void hold(Sighting change) {
    held.add(new Held(change.position(), change.place()));
  }

  private static boolean isNeeded(RowState row, Held change) {
    return row.position().equals(change.position) || row.open().containsValue(change.position);
  }

  /** Where the changes are that were chosen so far. */
  List<Place> chosen() {
    return held.stream().map(Held::place).toList();
  }
}
