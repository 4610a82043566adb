package io.millrace.transforms.warehouse;

import io.millrace.schemas.ChangeEvent;
import java.util.List;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Works out the versions of a row from its changes in the order of their positions (a slowly
 * changing dimension of type 2).
 *
 * <p>An upsert opens a version, unless the version before it is open and has the same tracked
 * columns; a delete ends the open one. A version is valid from the commit time of the change that
 * opens it, or from the beginning of the version or the delete before it where that is later, until
 * the next begins or is deleted. The end of a snapshot deletes a row unless the row's next change
 * is that of being read for it. A change without a commit time takes effect with the one before it.
 */
final class Timeline {
  /** Before every time that a source gives; {@code -infinity} in the warehouse. */
  static final long BEGINNING = ChangeEvent.NO_TIME + 1;

  private @Nullable StoredChange open;
  private long earliest = BEGINNING;

  private Timeline() {}

  /**
   * Gives the changes of one row the states they should have.
   *
   * @param changes in the order of their positions
   * @param isResumed whether the first is right but for its version's end
   */
  static void settle(List<StoredChange> changes, boolean isResumed) {
    Timeline timeline = new Timeline();
    for (int i = 0; i < changes.size(); i++) {
      StoredChange change = changes.get(i);
      if (i == 0 && isResumed) {
        timeline.resume(change);
      } else if (change.isSnapshot()
          && i + 1 < changes.size()
          && changes.get(i + 1).isReadFor(change)) {
        change.pass();
      } else if (change.isDelete() || change.isSnapshot()) {
        timeline.delete(change);
      } else {
        timeline.upsert(change);
      }
    }
  }

  private void resume(StoredChange change) {
    if (change.isDelete()) {
      earliest = change.state().validTo();
    } else {
      earliest = change.state().validFrom();
      change.resume();
      open = change;
    }
  }

  private void delete(StoredChange change) {
    earliest = Math.max(change.committedAt(), earliest);
    change.deleted(earliest);
    if (open != null) {
      open.end(earliest);
      open = null;
    }
  }

  private void upsert(StoredChange change) {
    if (open != null && change.isSame()) {
      change.goOn(open);
    } else {
      earliest = Math.max(change.committedAt(), earliest);
      if (open != null) {
        open.end(earliest);
      }
      change.open(earliest);
    }
    open = change;
  }
}
