package io.millrace.testdata.events;

import io.millrace.testdata.events.Change.Operation;

/** The neutral format {@code changes}: table, op, key, after, position, committedAt. */
final class NeutralLines extends LineFormat {

  /** Room between the positions of two changes, for broken lines of their own. */
  private static final int STEP = 10;

  @Override
  boolean hasKeyUpdates() {
    return false;
  }

  @Override
  void write(StringBuilder out, Change change, Flaw flaw) {
    boolean delete = change.operation() == Operation.DELETE;
    out.append('{');
    if (flaw != Flaw.MISSING_TABLE) {
      out.append("\"table\":\"").append(change.table().physicalName()).append("\",");
    }
    if (flaw != Flaw.MISSING_OPERATION) {
      String operation = delete ? "delete" : "upsert";
      out.append("\"op\":\"").append(flaw == Flaw.UNKNOWN_OPERATION ? "merge" : operation);
      out.append("\",");
    }
    out.append("\"key\":");
    key(out, change, change.row().number, flaw);
    if (!delete && flaw != Flaw.MISSING_ROW) {
      out.append(",\"after\":");
      row(out, change, flaw, null, true);
    }
    if (flaw != Flaw.MISSING_POSITION) {
      long position = change.sequence() * STEP + (flaw == Flaw.NONE ? 0 : 1);
      out.append(",\"position\":").append(position);
    }
    out.append(",\"committedAt\":").append(change.committedAtMillis()).append('}');
  }
}
