package io.millrace.runners.flink.faults;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;

import io.millrace.transforms.quality.RunLedger;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * What goes wrong in the world, one after another, while a shop is replicated that never stands
 * still: real servers, the packaged program. After each, all that the source committed is awaited,
 * and then every row of every table is the same on both sides.
 */
@DisabledIfSystemProperty(named = "shade.skip", matches = "true")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Timeout(300)
class FaultSuiteIT {
  private static final int STOPPED = 143;
  private static final int WORLD = 3;
  private static final String EXPIRED = "shop.public.customers";
  private static final long CHANGES_MEANWHILE = 150;
  private static final long CHANGES_AFTERWARDS = 150;

  /** A fault that strikes while the shop is busy. */
  private interface Fault {
    void strike(BusyShop shop) throws Exception;
  }

  private final FaultReport report = new FaultReport();
  private ShopReplica replica;
  private WarehouseFaults warehouseFaults;
  private int seed = 1;

  @BeforeAll
  void start(@TempDir Path directory) throws Exception {
    replica = new ShopReplica(directory);
    warehouseFaults = new WarehouseFaults(replica);
    replica.start();
    replica.awaitDrained();
  }

  @AfterAll
  void stop() throws Exception {
    System.out.println(report);
    replica.close();
  }

  @Test
  @Order(1)
  void pipelineIsKilledThreeTimes() throws Exception {
    during("kill -9 of the pipeline, three times", this::killThreeTimes);
  }

  /**
   * Apart, since a lake says where to read on, too, and so could hide what the group gets wrong.
   */
  @Test
  @Order(2)
  void pipelineWithALakeIsKilledThreeTimes() throws Exception {
    replica.addLake();
    during("kill -9 with a lake, three times", this::killThreeTimes);
  }

  private void killThreeTimes(BusyShop shop) throws Exception {
    for (int i = 0; i < 3; i++) {
      replica.awaitRows();
      warehouseFaults.inMidBatch(replica.program()::kill);
      replica.startProgram();
    }
  }

  @Test
  @Order(3)
  void kafkaRestarts() throws Exception {
    during(
        "restart of the Kafka broker",
        shop -> {
          replica.kafka().stop();
          awaitChanges(shop, CHANGES_MEANWHILE);
          replica.kafka().startAgain();
        });
  }

  @Test
  @Order(4)
  void warehouseRestarts() throws Exception {
    during(
        "restart of the warehouse",
        shop -> {
          replica.warehouse().stop();
          awaitChanges(shop, CHANGES_MEANWHILE);
          replica.warehouse().startAgain();
        });
  }

  @Test
  @Order(5)
  void connectionsToTheWarehouseAreCut() throws Exception {
    during(
        "cut connections to the warehouse, four times",
        shop -> {
          warehouseFaults.cutConnections();
          for (int i = 0; i < 3; i++) {
            replica.awaitRows();
            warehouseFaults.inMidBatch(warehouseFaults::cutConnections);
          }
        });
  }

  @Test
  @Order(6)
  void batchesRunIntoDeadlocks() throws Exception {
    during(
        "deadlocks in the warehouse, three",
        shop -> {
          int before = logged("SQLState 40P01");
          for (int i = 0; i < 20 && logged("SQLState 40P01") < before + 3; i++) {
            warehouseFaults.lockInACircle();
          }
          assertThat("deadlocks", logged("SQLState 40P01"), greaterThan(before + 2));
        });
  }

  @Test
  @Order(7)
  void batchesFailToSerialize() throws Exception {
    during(
        "serialization failures in the warehouse, five",
        shop -> {
          assertThat("failures of themselves", logged("SQLState 40001"), is(0));
          warehouseFaults.failSerializations(5);
          try {
            replica.await(
                "five failures",
                () ->
                    Optional.of(logged("SQLState 40001"))
                        .filter(count -> count < 5)
                        .map(Object::toString));
          } finally {
            warehouseFaults.letSerializationsPass();
          }
        });
  }

  private int logged(String text) throws Exception {
    return replica.program().logged(text).size();
  }

  @Test
  @Order(8)
  void debeziumStopsAndIsKilled() throws Exception {
    during(
        "stop and start of Debezium, and kill -9",
        shop -> {
          replica.debezium().close();
          awaitChanges(shop, CHANGES_MEANWHILE);
          replica.startDebezium("debezium");
          awaitChanges(shop, CHANGES_MEANWHILE);
          replica.debezium().kill();
          awaitChanges(shop, CHANGES_MEANWHILE);
          replica.startDebezium("debezium");
        });
  }

  @Test
  @Order(9)
  void allPartitionsButOneAreIdle() throws Exception {
    measure(
        "idle partitions, all but one",
        () -> {
          Sql.execute(
              replica.source(),
              "INSERT INTO customers OVERRIDING SYSTEM VALUE SELECT 800000000, 'idle@example.com',"
                  + " 'idle', 'gold', NULL, 0, true, NULL, now() ON CONFLICT DO NOTHING");
          String now = Sql.text(replica.source(), "SELECT clock_timestamp()").orElseThrow();
          long changes = 20;
          for (int i = 0; i < changes; i++) {
            Sql.execute(
                replica.source(),
                "UPDATE customers SET balance = balance + 1 WHERE id = 800000000");
          }
          replica.await(
              "progress beyond " + now,
              () ->
                  Sql.any(
                          replica.warehouse().database(),
                          "SELECT 1 FROM _millrace.progress WHERE committed_at >= '" + now + "'")
                      ? Optional.empty()
                      : Sql.text(
                          replica.warehouse().database(),
                          "SELECT 'progress is at ' || coalesce(max(committed_at)::text, 'none')"
                              + " FROM _millrace.progress"));
          return changes + 1;
        });
  }

  @Test
  @Order(10)
  void poisonedRecordsBecomeDeadLetters() throws Exception {
    assertThat(PoisonedRecords.deadLetters(replica.deadLetters()), is(empty()));
    List<String> poisoned = PoisonedRecords.send(replica.kafka().bootstrapServers());
    during("poisoned records, eight", shop -> awaitChanges(shop, CHANGES_MEANWHILE));
    assertThat(
        PoisonedRecords.deadLetters(replica.deadLetters()), containsInAnyOrder(poisoned.toArray()));
  }

  @Test
  @Order(11)
  void offsetsThatExpiredFailTheRunAndANewSnapshotMendsIt() throws Exception {
    measure(
        "expired offsets, and a new snapshot",
        () -> {
          assertThat(replica.program().stop(), is(STOPPED));
          long changes;
          try (BusyShop shop = new BusyShop(replica.source(), ++seed)) {
            awaitChanges(shop, CHANGES_MEANWHILE);
            changes = shop.finish();
          }
          Await.until(
              "changes behind the group's offsets",
              () ->
                  replica.offsets().lags().containsKey(EXPIRED + "-0")
                      ? Optional.empty()
                      : Optional.of(replica.offsets().lags().toString()),
              () -> "");
          replica.offsets().expire(EXPIRED);
          replica.startProgram();
          assertThat(replica.program().awaitEnd(), is(WORLD));
          assertThat(
              replica.program().logged("error:"),
              contains(
                  allOf(
                      containsString("were deleted before they were read"),
                      containsString("Take a new snapshot of the source"))));
          replica.takeNewSnapshot();
          return changes;
        });
  }

  private static void awaitChanges(BusyShop shop, long count) throws Exception {
    long before = shop.changes();
    Await.until(
        count + " changes of the shop",
        () ->
            Optional.of(shop.changes() - before)
                .filter(made -> made < count)
                .map(made -> made + " changes"),
        () -> "");
  }

  /** Lets a fault strike while the shop is busy; the program gets over it by itself. */
  private void during(String name, Fault fault) throws Exception {
    measure(
        name,
        () -> {
          try (BusyShop shop = new BusyShop(replica.source(), ++seed)) {
            awaitChanges(shop, CHANGES_MEANWHILE);
            fault.strike(shop);
            awaitChanges(shop, CHANGES_AFTERWARDS);
            return shop.finish();
          }
        });
  }

  private interface Changes {
    long make() throws Exception;
  }

  private void measure(String name, Changes changes) throws Exception {
    boolean passed = false;
    try {
      replica.mend();
      long events = changes.make();
      long finished = System.nanoTime();
      replica.awaitDrained();
      double seconds = (System.nanoTime() - finished) / 1e9;
      passed = true;
      compare(name, events, seconds);
    } finally {
      if (!passed) {
        report.addFailure(name);
      }
    }
  }

  private void compare(String name, long events, double seconds) throws Exception {
    Losses losses = Losses.find(replica);
    report.add(name, events, losses.lost(), losses.doubled(), seconds);
    assertThat(losses.differences(), is(empty()));
    assertThat(losses, is(new Losses(0, 0, List.of())));
    assertLedgerBalanced();
  }

  private void assertLedgerBalanced() throws Exception {
    replica.await(
        "a ledger that balances",
        () -> {
          RunLedger ledger = replica.ledger();
          return ledger.merge().isEmpty()
              ? Optional.of("an empty one of " + ledger.run())
              : Optional.of(ledger.imbalances())
                  .filter(lines -> !lines.isEmpty())
                  .map(lines -> ledger.run() + ": " + String.join("; ", lines));
        });
  }
}
