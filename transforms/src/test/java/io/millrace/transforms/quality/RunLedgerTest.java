package io.millrace.transforms.quality;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;

import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class RunLedgerTest {
  private static final ChangeCounts.Builder TEN_READ =
      ChangeCounts.builder()
          .setRead(10)
          .setSuperseded(1)
          .setDuplicate(1)
          .setLate(1)
          .setRejected(1)
          .setControl(1);

  private static RunLedger ledger(long accepted, long given, long truncates) {
    return new RunLedger(
        "run",
        null,
        null,
        table(TEN_READ.setAccepted(accepted).build()),
        table(ChangeCounts.builder().setRead(given).setControl(truncates).build()));
  }

  private static SortedMap<String, ChangeCounts> table(ChangeCounts counts) {
    SortedMap<String, ChangeCounts> tables = new TreeMap<>();
    tables.put("shop.orders", counts);
    return tables;
  }

  @Test
  void balancesWhenAllThatWasReadIsAccountedFor() {
    assertThat(ledger(5, 6, 1).imbalances(), is(empty()));
  }

  @Test
  void whatIsMissingIsTold() {
    assertThat(ledger(4, 4, 0).imbalances(), contains("shop.orders: 10 read, 9 accounted for"));
  }

  @Test
  void soIsWhatWasCountedTwice() {
    assertThat(ledger(6, 6, 0).imbalances(), contains("shop.orders: 10 read, 11 accounted for"));
  }

  @Test
  void theSinkMustHaveBeenGivenAllThatWasAccepted() {
    assertThat(
        ledger(5, 5, 1).imbalances(),
        contains("shop.orders: 5 accepted, 4 given to the warehouse"));
  }

  @Test
  void theSinkMayRepeatItselfAfterFailures() {
    assertThat(ledger(5, 8, 1).imbalances(), is(empty()));
    assertThat(ledger(5, 8, 1).repeated("shop.orders"), is(2L));
  }

  @Test
  void aRunWithoutSinkNeedsNone() {
    RunLedger ledger =
        new RunLedger("run", null, null, table(TEN_READ.setAccepted(5).build()), new TreeMap<>());
    assertThat(ledger.imbalances(), is(empty()));
  }
}
