package io.millrace.schemas.format;

import io.millrace.schemas.Position;
import io.millrace.schemas.PositionEncoder;

/**
 * MongoDB: the seconds ({@code ts_ms} is whole seconds) and the ordinal of the operation's cluster
 * time, 0 for a snapshot's row or 1, the event's order in its transaction. All operations of a
 * transaction have one cluster time.
 *
 * @see <a
 *     href="https://debezium.io/documentation/reference/stable/connectors/mongodb.html#mongodb-events">
 *     Debezium MongoDB events</a>
 */
final class MongoOrder implements SourceOrder {
  @Override
  public Position position(
      SourceFields source, PositionEncoder position, boolean isRead, long totalOrder) {
    return position
        .number(Math.floorDiv(source.requiredNumber(SourceFields.TS_MS), 1_000L))
        .number(source.requiredNumber(SourceFields.ORD))
        .rank(isRead ? 0 : 1)
        .number(totalOrder)
        .end();
  }
}
