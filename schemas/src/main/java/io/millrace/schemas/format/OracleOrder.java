package io.millrace.schemas.format;

import io.millrace.schemas.Position;
import io.millrace.schemas.PositionEncoder;
import java.math.BigInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Oracle: the commit's SCN (of a snapshot's row, which has none, its own), 0 for a snapshot's row
 * or 1, the change's SCN, the redo record ({@code rs_id}: log, block and offset), the statement in
 * it ({@code ssn}), XStream's position, the event's order in its transaction ({@code txSeq}, then
 * the transaction's metadata). What the capturing adapter does not tell counts as 0. The SCNs of
 * changes alone do not order them, since a row written early may commit late.
 *
 * <p>SCNs are decimal texts of any size. A {@code commit_scn} may list those of a cluster's redo
 * threads, {@code scn:thread:…} with commas between; the highest is the commit.
 *
 * @see <a
 *     href="https://debezium.io/documentation/reference/stable/connectors/oracle.html#oracle-events">
 *     Debezium Oracle events</a>
 */
final class OracleOrder implements SourceOrder {
  private static final Pattern COMMIT = Pattern.compile("(\\d+)(?::[^,]*)?(?:,|$)");

  @Override
  public Position position(
      SourceFields source, PositionEncoder position, boolean isRead, long totalOrder) {
    BigInteger scn = number(SourceFields.SCN, source.requiredText(SourceFields.SCN), 10);
    String commit = source.text(SourceFields.COMMIT_SCN);
    boolean isWithoutCommit = isRead && commit == null;
    try {
      position
          .number(isWithoutCommit ? scn : commitScn(source.requiredText(SourceFields.COMMIT_SCN)))
          .rank(isRead ? 0 : 1)
          .number(scn);
      RedoRecord.append(position, source.text(SourceFields.RS_ID), "source.rs_id");
      String lcr = source.text(SourceFields.LCR_POSITION);
      return position
          .number(source.number(SourceFields.SSN, 0))
          .number(lcr == null ? BigInteger.ZERO : number(SourceFields.LCR_POSITION, lcr, 16))
          .number(source.number(SourceFields.TX_SEQ, 0))
          .number(totalOrder)
          .end();
    } catch (IllegalArgumentException e) {
      throw SourceFields.unreadable(SourceFields.SCN, scn.toString(), e.getMessage());
    }
  }

  private static BigInteger commitScn(String text) {
    BigInteger highest = BigInteger.ZERO;
    Matcher commit = COMMIT.matcher(text);
    int end = 0;
    while (commit.find() && commit.start() == end) {
      highest = highest.max(new BigInteger(commit.group(1)));
      end = commit.end();
    }
    if (end == 0 || end < text.length()) {
      throw SourceFields.unreadable(SourceFields.COMMIT_SCN, text, "not a system change number");
    }
    return highest;
  }

  private static BigInteger number(int field, String text, int radix) {
    try {
      return new BigInteger(text, radix);
    } catch (NumberFormatException e) {
      throw SourceFields.unreadable(field, text, "not a whole number");
    }
  }
}
