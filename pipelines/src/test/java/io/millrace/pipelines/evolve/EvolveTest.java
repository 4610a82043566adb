package io.millrace.pipelines.evolve;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;

import io.millrace.pipelines.CommandLine;
import io.millrace.pipelines.EventScene;
import io.millrace.pipelines.TestRunner;
import io.millrace.pipelines.launch.ExitCode;
import io.millrace.testdata.LocalPostgres;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code evolve} from files into a real PostgreSQL, on every runner. */
class EvolveTest {
  private static final String CONTRACT =
      """
      apiVersion: v3.0.2
      kind: DataContract
      id: shop
      version: 1.0.0
      status: active
      schema:
        - name: purchases
          physicalName: purchase
          customProperties:
            - {property: kind, value: event}
            - {property: eventTime, value: at}
          properties:
            - {name: id, physicalType: text, primaryKey: true}
            - {name: at, physicalType: timestamptz}
            - {name: customer, physicalType: integer}
            - {name: product, physicalType: text}
            - {name: amount, physicalType: "numeric(10,2)"}
        - name: customers
          physicalName: gold.customers
          customProperties:
            - {property: kind, value: entity}
            - {property: from, value: purchases}
            - {property: horizon, value: P1D}
            - {property: emission, value: PT10S}
          properties:
            - {name: customer, physicalType: bigint, primaryKey: true}
            - name: purchases
              physicalType: bigint
              customProperties: [{property: value, value: count}]
            - name: last_product
              physicalType: text
              customProperties: [{property: value, value: last(product)}]
            - name: last_amount
              physicalType: numeric(10,2)
              customProperties: [{property: value, value: last(amount)}]
            - name: lifetime_value
              physicalType: numeric(20,2)
              customProperties: [{property: value, value: sum(amount)}]
            - name: mean_value
              physicalType: double precision
              customProperties: [{property: value, value: mean(amount)}]
            - name: deviation
              physicalType: double precision
              customProperties: [{property: value, value: deviation(amount)}]
            - name: products
              physicalType: bigint
              customProperties: [{property: value, value: distinct(product)}]
            - name: since
              physicalType: timestamptz
              customProperties: [{property: value, value: first_at}]
            - name: until
              physicalType: timestamptz
              customProperties: [{property: value, value: last_at}]
            - name: said
              physicalType: bigint
              customProperties: [{property: value, value: revision}]
      """;

  /** Of two purchases at the same microsecond the one with the greater id is the later. */
  private static final List<String> PURCHASES =
      List.of(
          purchase("1", "2026-05-01T10:00:00Z", "7", "lamp", "0.10"),
          purchase("2", "2026-05-01T10:00:00.000002Z", "7", "sofa", "900"),
          purchase("3", "2026-05-01T10:00:00.000001Z", "7", "chair", "0.20"),
          purchase("4", "2026-05-03T08:00:00Z", "7", "lamp", "0.70"),
          purchase("5", "2026-05-02T00:00:00.000002Z", "8", "apple", "3"),
          purchase("6", "2026-05-02T00:00:00.000001Z", "8", "zebra", "1"),
          purchase("7", "2026-05-02T00:00:00Z", "9", "zebra", "3"),
          purchase("8", "2026-05-02T00:00:00Z", "9", "apple", "1"),
          purchase("9", "2026-05-02T00:00:00Z", "null", "ghost", "1"));

  private static final List<String> CUSTOMERS =
      List.of(
          "(7,4,lamp,0.70,901.00,225.2500,389.5672,3,10:00:00.000000,08:00:00.000000)",
          "(8,2,apple,3.00,4.00,2.0000,1.0000,2,00:00:00.000001,00:00:00.000002)",
          "(9,2,apple,1.00,4.00,2.0000,1.0000,2,00:00:00.000000,00:00:00.000000)");

  private static LocalPostgres postgres;
  private static int scenes;

  @TempDir Path directory;
  private EventScene scene;

  @BeforeAll
  static void start() {
    postgres = LocalPostgres.start("warehouse");
  }

  @AfterAll
  static void stop() {
    postgres.close();
  }

  @BeforeEach
  void setTheScene() throws Exception {
    scene = new EventScene(postgres, "warehouse" + scenes++, directory);
    scene.contract(CONTRACT);
  }

  @ParameterizedTest
  @MethodSource("io.millrace.pipelines.TestRunner#all")
  void anEntityIsWhatItsEventsMakeOfItInAnyOrder(TestRunner runner) throws Exception {
    List<String> events = new ArrayList<>(PURCHASES);
    events.addAll(PURCHASES);
    events.add("{'id':'10','at':'no time'}");
    Collections.shuffle(events, new Random(3));
    scene.events(events.toArray(String[]::new));
    CommandLine run = scene.run(runner, "evolve", "--run=first");
    assertThat(run.err(), run.exitCode(), is(ExitCode.OK));
    assertThat(scene.deadLetters().toString(), rows(), is(CUSTOMERS));
    assertThat(scene.ledger("first"), contains("purchase: 19 = 18 + 0 + 0 + 1 + 0"));
    assertThat(scene.deadLetters(), contains(containsString("no time")));
    assertThat(run.err(), containsString("events without key"));

    Collections.shuffle(events, new Random(4));
    scene.events(events.toArray(String[]::new));
    assertThat(scene.run(runner, "evolve").exitCode(), is(ExitCode.OK));
    assertThat("run again", rows(), is(CUSTOMERS));
  }

  @Test
  void theRowOfMoreEventsHoldsUntilThereIsANewerBuild() throws Exception {
    scene.events(purchase("1", "2026-05-01T10:00:00Z", "7", "lamp", "5"));
    assertThat(scene.run(TestRunner.DIRECT, "evolve").exitCode(), is(ExitCode.OK));
    assertThat(
        rows(), contains("(7,1,lamp,5.00,5.00,5.0000,0.0000,1,10:00:00.000000,10:00:00.000000)"));
    scene.events(PURCHASES.toArray(String[]::new));
    assertThat(scene.run(TestRunner.DIRECT, "evolve").exitCode(), is(ExitCode.OK));
    assertThat("more events", rows(), is(CUSTOMERS));
    scene.events(purchase("1", "2026-05-01T10:00:00Z", "7", "lamp", "5"));
    assertThat(scene.run(TestRunner.DIRECT, "evolve").exitCode(), is(ExitCode.OK));
    assertThat("fewer events", rows(), is(CUSTOMERS));
    assertThat(
        scene.run(TestRunner.DIRECT, "evolve", "--buildVersion=1").exitCode(), is(ExitCode.OK));
    assertThat(
        rows(),
        contains(
            "(7,1,lamp,5.00,5.00,5.0000,0.0000,1,10:00:00.000000,10:00:00.000000)",
            CUSTOMERS.get(1),
            CUSTOMERS.get(2)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "sum(amount)|sum(price)|table customers: the value of column lifetime_value, sum(price),"
            + " names price, which is no column of the event purchases",
        "sum(amount)|sum(product)|table customers: the value of column lifetime_value,"
            + " sum(product), does not do: The sum lifetime_value is of type STRING; it must be",
        "last(product)|latest(product)|table customers: the value of column last_product,"
            + " latest(product), is no function that entities know: count, sum, mean",
        "last(product)|\"top(product, 3)\"|table customers: the value of column last_product,"
            + " top(product, 3), is no function that entities know",
        "{name: customer, physicalType: bigint, p|{name: customer, physicalType: text, p|table"
            + " customers: the value of column customer, column(customer), is of type text, and"
            + " that of the event purchases of type integer; give a column of the key the type",
        "value: P1D|value: a day|table customers: the custom property horizon is 'a day', which is"
            + " no duration in ISO 8601",
        "value: P1D|value: -P1D|table customers: the custom property horizon: The horizon must be"
            + " from 0 ms",
        "value: PT10S|value: PT0S|table customers: the custom property emission: The interval must"
            + " be from 1 ms",
        "kind, value: entity|kind, value: table|has no entity; mark a table with the custom"
            + " property kind: entity"
      })
  void whatAnEntityCannotBeMadeOfIsToldBeforeItRuns(String part, String other, String message)
      throws Exception {
    scene.contract(CONTRACT.replace(part, other));
    scene.events();
    CommandLine run = scene.run(TestRunner.DIRECT, "evolve");
    assertThat(run.err(), run.exitCode(), is(ExitCode.INPUT));
    assertThat(run.err(), containsString(message));
  }

  private List<String> rows() throws Exception {
    return scene.query(
        """
        SELECT (customer, purchases, last_product, last_amount, lifetime_value,
            round(mean_value::numeric, 4), round(deviation::numeric, 4), products,
            to_char(since AT TIME ZONE 'UTC', 'HH24:MI:SS.US'),
            to_char(until AT TIME ZONE 'UTC', 'HH24:MI:SS.US'))::text
        FROM customers_live WHERE said > 0 ORDER BY customer
        """);
  }

  private static String purchase(
      String id, String at, String customer, String product, String amount) {
    return String.format(
        "{'id':'%s','at':'%s','customer':%s,'product':'%s','amount':%s}",
        id, at, customer, product, amount);
  }
}
