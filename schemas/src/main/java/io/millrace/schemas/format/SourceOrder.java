package io.millrace.schemas.format;

import io.millrace.schemas.Position;
import io.millrace.schemas.PositionEncoder;
import io.millrace.schemas.RejectedRecordException;
import io.millrace.schemas.RejectedRecordException.Reason;

/** How the events of one of Debezium's connectors are ordered. */
interface SourceOrder {
  /**
   * An event's place in its source's order.
   *
   * @param source what the event's {@code source} block holds
   * @param position has the epoch already
   * @param isRead whether the event is a row of a snapshot
   * @param totalOrder the event's order in its transaction, or 0 where it is not told
   * @throws RejectedRecordException if the block does not tell the place
   */
  Position position(SourceFields source, PositionEncoder position, boolean isRead, long totalOrder);

  /**
   * Whether the positions of a snapshot's rows say nothing of where they stand among the changes
   * that were there before it.
   */
  default boolean isUnplaced(SourceFields source) {
    return false;
  }

  /** The order of a connector's events; one of a connector that is not known rejects them all. */
  static SourceOrder of(String connector) {
    return switch (connector) {
      case "postgresql" -> new PostgresOrder();
      case "mysql", "mariadb" -> new MySqlOrder();
      case "sqlserver" -> new SqlServerOrder();
      case "oracle" -> new OracleOrder();
      case "mongodb" -> new MongoOrder();
      default ->
          (source, position, isRead, totalOrder) -> {
            throw new RejectedRecordException(
                Reason.NO_POSITION,
                connector.isEmpty()
                    ? "the event has no source.connector, so its position cannot be told"
                    : "events of the connector '" + connector + "' are not supported yet");
          };
    };
  }
}
