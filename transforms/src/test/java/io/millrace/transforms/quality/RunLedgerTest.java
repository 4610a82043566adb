package io.millrace.transforms.quality;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;

import io.millrace.transforms.quality.RunLedger.Stage;
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
    return merged(accepted)
        .with(
            Stage.WAREHOUSE,
            "shop.orders",
            ChangeCounts.builder().setRead(given).setControl(truncates).build());
  }

  private static RunLedger merged(long accepted) {
    return new RunLedger("run", null, null)
        .with(Stage.MERGE, "shop.orders", TEN_READ.setAccepted(accepted).build());
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
    assertThat(merged(5).imbalances(), is(empty()));
  }

  @Test
  void eventsBalanceByThemselvesWhateverTheirTablesAreGiven() {
    RunLedger ledger =
        new RunLedger("run", null, null)
            .with(Stage.EVENTS, "order", TEN_READ.setAccepted(5).build())
            .with(Stage.WAREHOUSE, "orders_per_hour", ChangeCounts.builder().setRead(2).build());
    assertThat(ledger.imbalances(), is(empty()));
    ledger.with(Stage.EVENTS, "visit", ChangeCounts.builder().setRead(2).setLate(1).build());
    assertThat(ledger.imbalances(), contains("visit: 2 read, 1 accounted for"));
  }

  @Test
  void theLakeMustHaveEveryChangeOnce() {
    ChangeCounts.Builder kept = ChangeCounts.builder().setAccepted(3).setDuplicate(5);
    assertThat(merged(5).with(Stage.LAKE, "shop.orders", kept.build()).imbalances(), is(empty()));
    assertThat(
        merged(5).with(Stage.LAKE, "shop.orders", kept.setDuplicate(6).build()).imbalances(),
        contains("shop.orders: 8 changes, 9 in the lake"));
  }
}
