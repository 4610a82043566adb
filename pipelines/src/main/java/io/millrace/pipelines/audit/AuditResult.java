package io.millrace.pipelines.audit;

import java.util.List;
import java.util.Map;

/**
 * What came out of a comparison.
 *
 * @param leftOut tables that were not compared, and why
 */
record AuditResult(
    Side first, Side second, List<TableFindings> tables, Map<String, String> leftOut) {
  boolean isEqual() {
    return different() == 0;
  }

  /** How many tables are not the same. */
  long different() {
    return tables.stream().filter(table -> !table.isEqual()).count();
  }
}
