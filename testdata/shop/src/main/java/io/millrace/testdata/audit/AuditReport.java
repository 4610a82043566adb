package io.millrace.testdata.audit;

import java.io.PrintStream;
import java.util.List;

/** The outcome of comparing several tables, for people. */
public final class AuditReport {

  /** Prints a line for each table and the first differences. Returns whether all are equal. */
  public static boolean print(PrintStream out, List<TableAudit> audits) {
    out.printf("%-20s %12s %12s %12s%n", "table", "expected", "found", "different");
    for (TableAudit audit : audits) {
      out.printf(
          "%-20s %12d %12d %12d  %s%n",
          audit.table(),
          audit.expected(),
          audit.found(),
          audit.different(),
          audit.isEqual() ? "equal" : "DIFFERENT");
      audit.differences().forEach(difference -> out.println("    " + difference));
      if (audit.different() > audit.differences().size()) {
        out.println("    … and " + (audit.different() - audit.differences().size()) + " more");
      }
    }
    return audits.stream().allMatch(TableAudit::isEqual);
  }

  private AuditReport() {}
}
