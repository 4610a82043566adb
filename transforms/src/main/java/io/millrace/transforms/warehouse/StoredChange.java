package io.millrace.transforms.warehouse;

import io.millrace.schemas.ChangeEvent;
import io.millrace.schemas.Position;
import java.nio.ByteBuffer;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * A change in, or on its way to, the table of all changes, and the version of its row that it
 * belongs to. The last change of a version is the one that shows it, with the values of all its
 * changes and the time and position of the first.
 */
final class StoredChange {
  /** That of a change which is not in its place yet. */
  static final State NONE =
      new State(ChangeEvent.NO_TIME, ChangeEvent.NO_TIME, null, ChangeEvent.NO_TIME, false);

  private final @Nullable String place;
  private final String operation;
  private final Position position;
  private final long committedAt;
  private final boolean same;
  private final State stored;
  private State state;

  /**
   * What follows from the changes before and after.
   *
   * @param validFrom when the change's version begins; {@link ChangeEvent#NO_TIME} for a delete
   * @param validTo when the version ends that this change shows, or when the delete ended one
   * @param position that of the version's first change; null if that is this one
   * @param committedAt that of the version's first change, unless that is this one
   * @param isVisible whether this change shows its version
   */
  @SuppressWarnings("ArrayRecordComponent")
  record State(
      long validFrom,
      long validTo,
      byte @Nullable [] position,
      long committedAt,
      boolean isVisible) {

    State endedAt(long time) {
      return new State(validFrom, time, position, committedAt, isVisible);
    }

    State hidden() {
      return new State(validFrom, ChangeEvent.NO_TIME, position, committedAt, false);
    }

    boolean isSameAs(State other) {
      return validFrom == other.validFrom
          && validTo == other.validTo
          && committedAt == other.committedAt
          && isVisible == other.isVisible
          && Arrays.equals(position, other.position);
    }
  }

  /**
   * A change that the table does not have.
   *
   * @param same whether its tracked columns are those of the upsert before it
   */
  static StoredChange of(HistoryRow row, boolean same) {
    return new StoredChange(null, row.operation(), row.position(), row.committedAt(), same, NONE);
  }

  /**
   * A change as it was found.
   *
   * @param place its {@code ctid}
   * @param same whether its tracked columns are those of the upsert before it
   */
  StoredChange(
      @Nullable String place,
      String operation,
      Position position,
      long committedAt,
      boolean same,
      State stored) {
    this.place = place;
    this.operation = operation;
    this.position = position;
    this.committedAt = committedAt;
    this.same = same;
    this.stored = stored;
    this.state = stored;
  }

  @Nullable String place() {
    return place;
  }

  Position position() {
    return position;
  }

  boolean isDelete() {
    return operation.equals(HistoryRow.DELETE);
  }

  boolean isSnapshot() {
    return operation.equals(HistoryRow.SNAPSHOT);
  }

  /** Whether it is what the snapshot that came to this end read of the row. */
  boolean isReadFor(StoredChange end) {
    return operation.equals(HistoryRow.READ) && position.justBefore().equals(end.position);
  }

  long committedAt() {
    return committedAt;
  }

  /** Whether its tracked columns are those of the upsert before it. */
  boolean isSame() {
    return same;
  }

  State state() {
    return state;
  }

  /** Whether the change opened the version that it shows. */
  boolean opens() {
    return state.isVisible && state.position == null;
  }

  /** Opens a version. */
  void open(long from) {
    state = new State(from, ChangeEvent.NO_TIME, null, ChangeEvent.NO_TIME, true);
  }

  /** Shows its version, which has no end yet. */
  void resume() {
    state =
        new State(state.validFrom, ChangeEvent.NO_TIME, state.position, state.committedAt, true);
  }

  /** Takes over the showing of the version that this change does not end. */
  void goOn(StoredChange before) {
    State version = before.state;
    boolean isFirst = version.position == null;
    state =
        new State(
            version.validFrom,
            ChangeEvent.NO_TIME,
            isFirst ? before.position.bytes() : version.position,
            isFirst ? before.committedAt : version.committedAt,
            true);
    before.state = version.hidden();
  }

  /** Ends the version that this change shows. */
  void end(long time) {
    state = state.endedAt(time);
  }

  /** Notes when this delete took effect. */
  void deleted(long time) {
    state = new State(ChangeEvent.NO_TIME, time, null, ChangeEvent.NO_TIME, false);
  }

  /** Leaves the version before as it is. */
  void pass() {
    state = NONE;
  }

  /** Whether the state is another than the one that was found. */
  boolean isChanged() {
    return !state.isSameAs(stored);
  }

  /** The change that a query tells of behind its row's number. */
  static StoredChange read(ResultSet found) throws SQLException {
    State state =
        new State(
            time(found, 7),
            time(found, 8),
            found.getBytes(9),
            time(found, 10),
            found.getBoolean(11));
    return new StoredChange(
        found.getString(2),
        found.getString(3),
        Position.of(found.getBytes(4)),
        time(found, 5),
        found.getBoolean(6),
        state);
  }

  /** A time in the form in which PostgreSQL sends it. */
  static long time(ResultSet found, int column) throws SQLException {
    byte[] micros = found.getBytes(column);
    return micros == null
        ? ChangeEvent.NO_TIME
        : BoundType.epochMicros(ByteBuffer.wrap(micros).getLong());
  }
}
