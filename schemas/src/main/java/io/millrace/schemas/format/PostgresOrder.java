package io.millrace.schemas.format;

import io.millrace.schemas.Position;
import io.millrace.schemas.PositionEncoder;

/**
 * PostgreSQL: the last commit's LSN ({@code sequence[0]}, 0 where null or absent), 0 for a
 * snapshot's row or 1, the row's LSN, the event's order in its transaction. The rows' LSNs alone do
 * not order changes, since a row written early may commit late.
 *
 * @see <a
 *     href="https://debezium.io/documentation/reference/stable/connectors/postgresql.html#postgresql-events">
 *     Debezium PostgreSQL events</a>
 */
final class PostgresOrder implements SourceOrder {
  @Override
  public Position position(
      SourceFields source, PositionEncoder position, boolean isRead, long totalOrder) {
    return position
        .number(source.number(SourceFields.SEQUENCE, 0))
        .rank(isRead ? 0 : 1)
        .number(source.requiredNumber(SourceFields.LSN))
        .number(totalOrder)
        .end();
  }

  /** A new replication slot knows of no commit yet. */
  @Override
  public boolean isUnplaced(SourceFields source) {
    return source.number(SourceFields.SEQUENCE, 0) == 0;
  }
}
