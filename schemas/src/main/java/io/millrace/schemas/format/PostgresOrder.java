package io.millrace.schemas.format;

import io.millrace.schemas.Position;
import io.millrace.schemas.PositionEncoder;

/**
 * PostgreSQL: the last commit's LSN ({@code sequence[0]}, 0 where null or absent), 0 for a
 * snapshot's row or 1, the row's LSN, the event's order in its transaction. The rows' LSNs alone do
 * not order changes, since a row written early may commit late.
 *
 * <p>A row of an incremental snapshot has no LSN of its own. It is sent while the transaction that
 * closes its chunk is read, which has nothing else, and tells the commit before that one: so it is
 * behind all that was committed until then, and before all that follows.
 *
 * @see <a
 *     href="https://debezium.io/documentation/reference/stable/connectors/postgresql.html#postgresql-events">
 *     Debezium PostgreSQL events</a>
 */
final class PostgresOrder implements SourceOrder {
  @Override
  public Position position(
      SourceFields source, PositionEncoder position, boolean isRead, long totalOrder) {
    long lastCommit = source.number(SourceFields.SEQUENCE, 0);
    boolean isPlacedByCommit = isRead && lastCommit > 0;
    return position
        .number(lastCommit)
        .rank(isRead ? 0 : 1)
        .number(
            isPlacedByCommit
                ? source.number(SourceFields.LSN, 0)
                : source.requiredNumber(SourceFields.LSN))
        .number(totalOrder)
        .end();
  }

  /** A new replication slot knows of no commit yet. */
  @Override
  public boolean isUnplaced(SourceFields source) {
    return source.number(SourceFields.SEQUENCE, 0) == 0;
  }
}
