package io.millrace.transforms.enrich;

import io.millrace.schemas.Position;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.joda.time.Instant;

/**
 * What a table's row is from a time on, until its next version: a change of the row, as {@link
 * EnrichWith#versionedTable} takes it.
 *
 * @param since from when on it holds: when the change was committed, or what a column says; no
 *     earlier or later than Beam's timestamps reach
 * @param position the change's place in its source's order: of versions with one time the one with
 *     the higher position holds, and of two with one time and one position the one is the other
 *     again
 * @param row null if the row is gone
 * @param isSnapshot whether a snapshot of the table saw the row, so that it was there before, too:
 *     it also holds for all facts before the row's first version
 */
public record TableVersion<D>(
    Instant since, Position position, @Nullable D row, boolean isSnapshot) {

  /** Moves a time that no timestamp can have to the nearest that one can. */
  public TableVersion {
    if (since.isBefore(BoundedWindow.TIMESTAMP_MIN_VALUE)) {
      since = BoundedWindow.TIMESTAMP_MIN_VALUE;
    } else if (since.isAfter(BoundedWindow.TIMESTAMP_MAX_VALUE)) {
      since = BoundedWindow.TIMESTAMP_MAX_VALUE;
    }
  }

  /** A row as a change left it. */
  public static <D> TableVersion<D> row(Instant since, Position position, D row) {
    return new TableVersion<>(since, position, row, false);
  }

  /** A row as a snapshot saw it, which does not know since when it has been so. */
  public static <D> TableVersion<D> snapshot(Instant since, Position position, D row) {
    return new TableVersion<>(since, position, row, true);
  }

  /** The end of a row. */
  public static <D> TableVersion<D> delete(Instant since, Position position) {
    return new TableVersion<>(since, position, null, false);
  }

  /** Whether there is no row since then. */
  public boolean isDelete() {
    return row == null;
  }
}
