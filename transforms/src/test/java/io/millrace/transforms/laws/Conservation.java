package io.millrace.transforms.laws;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;

import io.millrace.schemas.Operation;
import io.millrace.transforms.laws.LogRecord.Fate;
import io.millrace.transforms.quality.ChangeCounts;
import io.millrace.transforms.quality.RunLedger;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/** Holds ledgers against the records that were sent. */
final class Conservation {

  static void check(List<World> worlds, List<List<LogRecord>> sent, List<RunLedger> ledgers) {
    for (int i = 0; i < worlds.size(); i++) {
      check(worlds.get(i), sent.get(i), ledgers.get(i));
    }
  }

  private static void check(World world, List<LogRecord> sent, RunLedger ledger) {
    String where = "world " + world.setting() + ", " + world.tables().size() + " tables";
    assertThat(where, ledger.imbalances(), is(empty()));
    ChangeCounts all =
        ledger.merge().values().stream().reduce(ChangeCounts.NONE, ChangeCounts::plus);
    List<Change> changes =
        sent.stream().map(LogRecord::changes).flatMap(Collection::stream).toList();
    long truncates = changes.stream().filter(c -> c.operation() == Operation.TRUNCATE).count();
    assertThat(where + ": late", all.late(), is(0L));
    assertThat(where + ": rejected", all.rejected(), is(count(sent, Fate.REJECTED)));
    assertThat(where + ": control", all.control(), is(count(sent, Fate.CONTROL) + truncates));
    for (Shape table : world.tables()) {
      List<Change> ofTable =
          changes.stream()
              .filter(c -> c.table().equals(table.name()) && c.operation() != Operation.TRUNCATE)
              .toList();
      ChangeCounts counts = ledger.merge().getOrDefault(table.sourceName(), ChangeCounts.NONE);
      assertThat(
          where + ": changes of " + table.name(),
          counts.accepted() + counts.superseded() + counts.duplicate(),
          is((long) ofTable.size()));
      long rows = ofTable.stream().map(Change::key).distinct().count();
      long distinct =
          ofTable.stream()
              .map(c -> List.of(c.key(), c.position()))
              .collect(Collectors.toSet())
              .size();
      assertThat(where + ": a row's first change is accepted", counts.accepted() >= rows, is(true));
      assertThat(where + ": no change is accepted twice", counts.accepted() <= distinct, is(true));
    }
  }

  private static long count(List<LogRecord> records, Fate fate) {
    return records.stream().filter(record -> record.fate() == fate).count();
  }

  private Conservation() {}
}
