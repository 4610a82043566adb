package io.millrace.pipelines.audit;

import io.millrace.pipelines.launch.Session;
import io.millrace.pipelines.options.WarehouseAccessOptions;
import io.millrace.schemas.contract.TableContract;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;

/** Compares two versions of the warehouse's tables before one takes the place of the other. */
public final class VersionComparison {
  private static final int SUSPECTS = 100_000;
  private static final int EXAMPLES = 10;
  private static final int STATEMENT_SECONDS = 600;

  /**
   * The tables whose rows are not the same in two schemas; what is not the same is printed.
   *
   * @param first the schema that is taken to be right
   * @param lag how long one may take to follow the other
   */
  public static List<String> differences(
      String first,
      String second,
      List<TableContract> tables,
      Duration lag,
      WarehouseAccessOptions options,
      int progressSeconds,
      Session session)
      throws SQLException, InterruptedException {
    try (Side one = Sides.warehouse(first, first, options, STATEMENT_SECONDS);
        Side other = Sides.warehouse(second, second, options, STATEMENT_SECONDS)) {
      Limits limits = new Limits(ScanSizes.USUAL, lag, SUSPECTS, 0, EXAMPLES);
      AuditProgress progress = new AuditProgress(session.err(), Timing.SYSTEM, progressSeconds);
      List<TableFindings> findings =
          new Audit(one, other, limits, Timing.SYSTEM, progress).run(tables);
      AuditResult result = new AuditResult(one, other, findings, new LinkedHashMap<>());
      if (!result.isEqual()) {
        new AuditReport(result, false, session.err()).print();
      }
      return findings.stream().filter(table -> !table.isEqual()).map(TableFindings::table).toList();
    }
  }

  private VersionComparison() {}
}
