package io.millrace.schemas.format;

import io.millrace.schemas.Position;
import io.millrace.schemas.PositionEncoder;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * SQL Server: the commit's LSN, 0 for a snapshot's row or 1, the change's LSN (which a snapshot's
 * row does not have), the event's number among those with one LSN. An LSN is three numbers in
 * hexadecimal digits, such as {@code 00000027:00000ac0:0002}.
 *
 * @see <a
 *     href="https://debezium.io/documentation/reference/stable/connectors/sqlserver.html#sqlserver-events">
 *     Debezium SQL Server events</a>
 */
final class SqlServerOrder implements SourceOrder {
  private static final int PARTS = 3;

  @Override
  public Position position(
      SourceFields source, PositionEncoder position, boolean isRead, long totalOrder) {
    if (!isRead) {
      source.requiredText(SourceFields.CHANGE_LSN);
    }
    append(position, SourceFields.COMMIT_LSN, source.requiredText(SourceFields.COMMIT_LSN));
    position.rank(isRead ? 0 : 1);
    append(position, SourceFields.CHANGE_LSN, source.text(SourceFields.CHANGE_LSN));
    return position.number(source.number(SourceFields.EVENT_SERIAL_NO, 0)).end();
  }

  private static void append(PositionEncoder position, int field, @Nullable String lsn) {
    if (lsn == null) {
      position.number(0).number(0).number(0);
      return;
    }
    try {
      int start = 0;
      for (int part = 1; part <= PARTS; part++) {
        int end = part == PARTS ? lsn.length() : lsn.indexOf(':', start);
        position.number(Integer.toUnsignedLong(Integer.parseUnsignedInt(lsn, start, end, 16)));
        start = end + 1;
      }
    } catch (NumberFormatException | IndexOutOfBoundsException e) {
      throw SourceFields.unreadable(field, lsn, "not an LSN such as 00000027:00000ac0:0002");
    }
  }
}
