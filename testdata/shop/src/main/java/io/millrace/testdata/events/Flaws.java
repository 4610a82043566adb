package io.millrace.testdata.events;

import io.millrace.testdata.events.Bank.Table;
import io.millrace.testdata.events.Change.Operation;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/**
 * Puts broken lines between the good ones, each kind in turn.
 *
 * <p>Each is an update of an account of its own position, newer than what is there: a reader that
 * takes it ends with a wrong row.
 */
final class Flaws {
  private static final List<Flaw> KINDS = List.of(Flaw.values()).subList(1, Flaw.values().length);

  private final double broken;
  private final SplittableRandom random;
  private long account = 1;
  private long count;

  /**
   * @param broken which part of all lines is broken, from 0 to less than 1
   */
  Flaws(long seed, double broken) {
    this.random = new SplittableRandom(seed);
    this.broken = broken / (1 - broken);
  }

  /** Hands on a broken line after this change, or none. */
  void after(Change change, LineFormat format, Consumer<Line> output) {
    if (change.table() == Table.ACCOUNTS) {
      account = change.row().number;
    }
    if (random.nextDouble() < broken) {
      Flaw flaw = KINDS.get((int) (count++ % KINDS.size()));
      format.write(wrong(change), flaw, output);
    }
  }

  private Change wrong(Change change) {
    return new Change(
        change.sequence(),
        Table.ACCOUNTS,
        Operation.UPDATE,
        Change.SAME_KEY,
        new Row(account, random.nextLong()),
        false,
        false,
        change.lsn() + 1,
        change.lastCommitLsn(),
        change.transaction(),
        change.order(),
        change.tableOrder(),
        change.committedAtMillis());
  }
}
