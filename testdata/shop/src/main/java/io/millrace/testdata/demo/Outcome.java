package io.millrace.testdata.demo;

import io.millrace.testdata.audit.TableAudit;
import java.io.PrintStream;
import java.util.List;
import java.util.Optional;

/**
 * What came of a demonstration: all tables and views compared, summaries, the ledgers, and dead
 * letters that wait.
 *
 * @param liveViews whether the warehouse's {@code _live} views, which no audit reads, show the same
 *     rows as the source, by a digest of their texts
 * @param gold nothing if no events were sent
 * @param faults what else was wrong on the way
 */
record Outcome(
    RowAudit tables,
    boolean liveViews,
    List<TableAudit> views,
    Optional<GoldAudit> gold,
    List<Pipeline.Ledger> ledgers,
    long deadLetters,
    List<String> faults) {

  boolean isRight() {
    return tables.isEqual()
        && liveViews
        && areViewsEqual()
        && gold.stream().allMatch(GoldAudit::isRight)
        && isBalanced()
        && faults.isEmpty();
  }

  private boolean areViewsEqual() {
    return views.stream().allMatch(TableAudit::isEqual);
  }

  private boolean isBalanced() {
    return ledgers.stream().allMatch(Pipeline.Ledger::isBalanced);
  }

  /** Prints all of it. */
  void print(PrintStream out) {
    tables.print(out);
    if (!liveViews) {
      out.println("The views of live rows do NOT show what the source has.");
    }
    views.forEach(view -> Gold.print(view, out));
    out.println(
        areViewsEqual()
            ? "The views are what their queries answer at the source."
            : "The views are NOT what their queries answer at the source.");
    gold.ifPresent(audit -> Gold.print(audit, out));
    if (deadLetters > 0) {
      out.printf("%,d dead letters wait.%n", deadLetters);
    }
    ledgers.stream().flatMap(ledger -> ledger.lines().stream()).forEach(out::println);
    out.println(isBalanced() ? "The ledger balances." : "The ledger does NOT balance.");
    faults.forEach(fault -> out.println("WRONG: " + fault));
  }
}
