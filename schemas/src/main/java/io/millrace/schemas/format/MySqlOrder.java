package io.millrace.schemas.format;

import io.millrace.schemas.Position;
import io.millrace.schemas.PositionEncoder;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * MySQL and MariaDB: the binlog file's number, the position in it, 0 for a snapshot's row or 1, the
 * row in the event.
 *
 * @see <a
 *     href="https://debezium.io/documentation/reference/stable/connectors/mysql.html#mysql-events">
 *     Debezium MySQL events</a>
 */
final class MySqlOrder implements SourceOrder {
  @Override
  public Position position(
      SourceFields source, PositionEncoder position, boolean isRead, long totalOrder) {
    long pos = source.requiredNumber(SourceFields.POS);
    return position
        .number(fileNumber(source.text(SourceFields.FILE), isRead && pos == 0))
        .number(pos)
        .rank(isRead ? 0 : 1)
        .number(source.number(SourceFields.ROW, 0))
        .end();
  }

  /**
   * The number that ends a binlog file's name: 3 of {@code mysql-bin.000003}. Flink CDC's readers
   * of snapshots give neither file nor position; such a row is before all that the binlog has.
   */
  private static long fileNumber(@Nullable String file, boolean mayBeAbsent) {
    String name = file == null ? "" : file;
    if (mayBeAbsent && name.isEmpty()) {
      return 0;
    }
    return Binlog.fileNumber(name, "source.file");
  }
}
