package io.millrace.runners.flink;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;

import io.millrace.testdata.ChildProcess;
import io.millrace.testdata.LocalKafka;
import io.millrace.testdata.LocalPostgres;
import io.millrace.testdata.sales.SaleEvent;
import io.millrace.testdata.sales.SaleEvent.Arrival;
import io.millrace.testdata.sales.SaleEvent.Kind;
import io.millrace.testdata.sales.SaleEvents;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * Entities and alerts from a topic without end whose events come out of order, late and twice, by a
 * program that is killed in the middle and begins again.
 */
@DisabledIfSystemProperty(named = "shade.skip", matches = "true")
class EventTopicsIT {
  private static final long SECOND = 1_000;
  private static final long MINUTE = 60 * SECOND;
  private static final int PER_SECOND = 50;

  private static LocalKafka kafka;
  private static LocalPostgres postgres;

  @TempDir Path directory;
  private EventProgram program;
  private long now;

  @BeforeAll
  static void start() {
    kafka = LocalKafka.start();
    postgres = LocalPostgres.start("warehouse");
    kafka.createTopics(2, List.of(Kind.PURCHASE.topic(), Kind.PAYMENT.topic()));
  }

  @AfterAll
  static void stop() {
    postgres.close();
    kafka.close();
  }

  @BeforeEach
  void setTheScene() {
    program = new EventProgram(directory, postgres.database());
    now = System.currentTimeMillis();
  }

  /** What comes late is put in its place; what is older than the horizon is kept aside. */
  @Test
  void entitiesAreThoseOfAllEventsAfterAKill() throws Exception {
    Path contract = Files.writeString(directory.resolve("contract.yaml"), EventContracts.SHOPPERS);
    List<String> options = List.of("--contract=" + contract, "--disorder=1");
    List<SaleEvent> first = events(1, now - 10 * MINUTE, Kind.PURCHASE);
    List<SaleEvent> second = events(2, now - 9 * MINUTE, Kind.PURCHASE);
    List<SaleEvent> all = new ArrayList<>(first);
    all.addAll(second);
    program.execute("CREATE TABLE told (event jsonb)");
    for (SaleEvent event : all) {
      program.execute("INSERT INTO told VALUES ('" + event.json() + "')");
    }
    List<String> expected = program.query(EventContracts.SHOPPERS_TOLD);

    EventProgram.produce(kafka, first);
    ChildProcess killed = program.start("evolve", kafka, Kind.PURCHASE.topic(), options);
    EventProgram.await(killed, () -> !shoppers().isEmpty());
    killed.kill();
    EventProgram.produce(kafka, second);
    List<String> named = new ArrayList<>(options);
    named.add("--run=entities");
    try (ChildProcess again = program.start("evolve", kafka, Kind.PURCHASE.topic(), named)) {
      EventProgram.await(again, () -> shoppers().equals(expected));
      List<SaleEvent> old = events(3, now - 300 * MINUTE, Kind.PURCHASE);
      awaitTooLate(old, old.size(), again);
      assertThat(shoppers(), is(expected));
      awaitLedger("entities", all.size() + old.size(), old.size(), 0, again);
    }
  }

  /**
   * Sends events of hours ago, and waits until they are kept and counted as too late.
   *
   * @param counted how many are counted: of those that come twice both, unless they are dropped
   */
  private void awaitTooLate(List<SaleEvent> old, int counted, ChildProcess running)
      throws Exception {
    EventProgram.produce(kafka, old);
    String event = old.get(0).kind().event();
    EventProgram.await(
        running,
        () -> Set.copyOf(program.query("SELECT id FROM " + event + "_late_live")).equals(ids(old)));
    EventProgram.await(
        running,
        () ->
            program
                .query(
                    "SELECT sum(too_late) FROM late_counts_live WHERE too_late > 0 AND event = '"
                        + event
                        + "'")
                .equals(List.of(Integer.toString(counted))));
  }

  /** Waits until the ledger of a run has every event, each under what it was. */
  private void awaitLedger(String run, int read, int late, int duplicate, ChildProcess running)
      throws Exception {
    String balanced = "(%d,%d,%d,%d)".formatted(read, read - late - duplicate, duplicate, late);
    EventProgram.await(
        running,
        () ->
            program
                .query(
                    "SELECT (read, accepted, duplicate, late)::text FROM _millrace.ledger"
                        + " WHERE stage = 'events' AND run = '"
                        + run
                        + "'")
                .equals(List.of(balanced)));
  }

  private static Set<String> ids(List<SaleEvent> events) {
    return events.stream().map(SaleEvent::id).collect(Collectors.toSet());
  }

  private static int repeated(List<SaleEvent> events) {
    return events.size() - ids(events).size();
  }

  private List<String> shoppers() throws Exception {
    return program.query(EventContracts.SHOPPERS_FOUND);
  }

  /** An alert has one row, and it is that of a run over a file of the same events. */
  @Test
  void alertsAreThoseOfAFileAfterAKill() throws Exception {
    Path contract = Files.writeString(directory.resolve("contract.yaml"), EventContracts.ALERTS);
    Path rules = Files.writeString(directory.resolve("rules.yaml"), EventContracts.RULES);
    List<String> options =
        List.of("--contract=" + contract, "--rules=" + rules, "--dropDuplicates=60");
    // So far apart that no rule looks from one to the other.
    List<SaleEvent> first = events(4, now - 20 * MINUTE, Kind.PAYMENT);
    List<SaleEvent> second = events(5, now - 10 * MINUTE, Kind.PAYMENT);
    List<String> all = new ArrayList<>();
    first.forEach(event -> all.add(event.json()));
    second.forEach(event -> all.add(event.json()));
    Path file = Files.write(directory.resolve("events.jsonl"), all);
    List<String> fromFile = new ArrayList<>(options);
    fromFile.addAll(List.of("--input=" + file, "--tablePrefix=file_"));
    try (ChildProcess bounded = program.start("detect", fromFile)) {
      assertThat(bounded.waitFor(EventProgram.LIMIT), is(true));
      assertThat(bounded.logEnd(), bounded.exitCode(), is(0));
    }
    List<String> expected = alerts("file_");
    assertThat(expected, hasSize(greaterThan(20)));

    List<String> fromTopic = new ArrayList<>(options);
    fromTopic.add("--disorder=" + SaleEvents.LATENESS / SECOND);
    EventProgram.produce(kafka, first);
    ChildProcess killed = program.start("detect", kafka, Kind.PAYMENT.topic(), fromTopic);
    EventProgram.await(killed, () -> !alerts("").isEmpty());
    killed.kill();
    EventProgram.produce(kafka, second);
    fromTopic.add("--run=alerts");
    try (ChildProcess again = program.start("detect", kafka, Kind.PAYMENT.topic(), fromTopic)) {
      EventProgram.await(again, () -> alerts("").size() >= expected.size());
      assertThat(alerts(""), containsInAnyOrder(expected.toArray()));
      List<SaleEvent> old = events(6, now - 300 * MINUTE, Kind.PAYMENT);
      awaitTooLate(old, ids(old).size(), again);
      assertThat(alerts(""), containsInAnyOrder(expected.toArray()));
      int duplicate = repeated(first) + repeated(second) + repeated(old);
      int read = first.size() + second.size() + old.size();
      awaitLedger("alerts", read, ids(old).size(), duplicate, again);
    }
  }

  private List<String> alerts(String prefix) throws Exception {
    return program.query(
        "SELECT concat_ws(' ', id, rule, card, first_at, last_at, event_ids, details) FROM "
            + prefix
            + "card_alerts_live ORDER BY id");
  }

  /** The events of half a minute, in the order in which they are sent; none is far too late. */
  private static List<SaleEvent> events(long seed, long begin, Kind kind) {
    SaleEvents events = SaleEvents.of(seed, begin, PER_SECOND);
    List<SaleEvent> all = new ArrayList<>(events.until(begin + MINUTE / 2));
    all.addAll(events.rest());
    all.removeIf(event -> event.arrival() == Arrival.TOO_LATE || event.kind() != kind);
    return all;
  }
}
