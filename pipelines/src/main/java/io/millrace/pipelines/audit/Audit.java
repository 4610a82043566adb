package io.millrace.pipelines.audit;

import io.millrace.pipelines.audit.BothSides.Answers;
import io.millrace.pipelines.audit.RowFinding.What;
import io.millrace.schemas.contract.TableContract;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Compares tables of two sides, one after the other, and then looks at all rows that looked
 * different until it is known whether they are.
 */
final class Audit {
  private static final Duration FIRST_WAIT = Duration.ofMillis(200);
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(2);
  private static final int KEYS_AT_ONCE = 1_000;

  private final Side first;
  private final Side second;
  private final Limits limits;
  private final Timing timing;
  private final AuditProgress progress;
  private final Pace pace;

  Audit(Side first, Side second, Limits limits, Timing timing, AuditProgress progress) {
    this.first = first;
    this.second = second;
    this.limits = limits;
    this.timing = timing;
    this.progress = progress;
    this.pace = new Pace(timing, limits.rowsPerSecond());
  }

  /** A table while it is compared. */
  private record Compared(
      PlannedTable plan,
      TableRows first,
      TableRows second,
      Suspects suspects,
      TableFindings findings) {}

  /**
   * Compares the tables.
   *
   * @throws io.millrace.pipelines.launch.LaunchException if one of them cannot be read
   */
  List<TableFindings> run(List<TableContract> tables) throws InterruptedException {
    List<TableFindings> all = new ArrayList<>();
    List<Compared> compared = new ArrayList<>();
    try (BothSides sides = new BothSides()) {
      for (TableContract table : tables) {
        TableErrors.in(table.name(), () -> compare(table, sides, all, compared));
      }
      settle(compared);
      for (Compared table : compared) {
        TableErrors.in(table.findings.table(), () -> describe(table, sides));
      }
    }
    return all;
  }

  private void compare(
      TableContract table, BothSides sides, List<TableFindings> all, List<Compared> compared)
      throws SQLException, InterruptedException {
    PlannedTable plan = PlannedTable.of(table, first, second);
    TableFindings findings =
        new TableFindings(
            table.name(), plan.key(), plan.notes(), plan.obstacle(), limits.examples());
    all.add(findings);
    if (plan.obstacle() != null) {
      return;
    }
    progress.table(table.name());
    TableRows here = first.rows(table, plan.key(), plan.values());
    TableRows there = second.rows(table, plan.key(), plan.values());
    Suspects suspects = new Suspects(here, there, sides, timing, limits, pace);
    Scan scan = new Scan(limits.sizes(), here, there, sides, suspects, pace, progress);
    scan.run();
    findings.rows(scan.firstRows(), scan.secondRows());
    compared.add(new Compared(plan, here, there, suspects, findings));
  }

  private void settle(List<Compared> compared) throws InterruptedException {
    Duration wait = FIRST_WAIT;
    while (compared.stream().anyMatch(table -> table.suspects.isOpen())) {
      if (!limits.lag().isZero()) {
        timing.sleep(wait);
      }
      wait = wait.multipliedBy(2).compareTo(LONGEST_WAIT) < 0 ? wait.multipliedBy(2) : LONGEST_WAIT;
      for (Compared table : compared) {
        if (table.suspects.isOpen()) {
          TableErrors.in(table.findings.table(), table.suspects::look);
        }
      }
      progress.looking(compared.stream().filter(table -> table.suspects.isOpen()).count());
    }
  }

  private void describe(Compared table, BothSides sides) throws SQLException, InterruptedException {
    if (table.suspects.isFull()) {
      table.findings.setLeast();
    }
    table
        .suspects
        .restless()
        .forEach(key -> table.findings.add(new RowFinding(key, What.RESTLESS, List.of())));
    List<RowKey> keys = table.suspects.different();
    for (int from = 0; from < keys.size(); from += KEYS_AT_ONCE) {
      List<RowKey> some = keys.subList(from, Math.min(keys.size(), from + KEYS_AT_ONCE));
      Answers<Map<RowKey, RowValues>> values =
          sides.ask(() -> table.first.values(some), () -> table.second.values(some));
      pace.read(some.size());
      for (RowKey key : some) {
        finding(key, values.first().get(key), values.second().get(key), table.plan.values())
            .ifPresent(table.findings::add);
      }
    }
  }

  /** What a row is; empty if it has become equal. */
  private static Optional<RowFinding> finding(
      RowKey key, RowValues here, RowValues there, List<ComparedColumn> columns) {
    if (here == null || there == null) {
      return here == null && there == null
          ? Optional.empty()
          : Optional.of(
              new RowFinding(key, there == null ? What.MISSING : What.SURPLUS, List.of()));
    }
    List<ColumnDifference> differences = new ArrayList<>();
    for (int i = 0; i < columns.size(); i++) {
      ComparedColumn column = columns.get(i);
      String one = here.values().get(i);
      String other = there.values().get(i);
      ValueComparison.of(column, one, other)
          .ifPresent(
              difference ->
                  differences.add(
                      new ColumnDifference(
                          column.name(), column.contract().personal(), difference, one, other)));
    }
    if (here.copies() != there.copies()) {
      differences.add(
          new ColumnDifference(
              "(rows of this key)",
              false,
              new ValueDifference(DifferenceKind.COPIES),
              Integer.toString(here.copies()),
              Integer.toString(there.copies())));
    }
    return differences.isEmpty()
        ? Optional.empty()
        : Optional.of(new RowFinding(key, What.CHANGED, differences));
  }
}
