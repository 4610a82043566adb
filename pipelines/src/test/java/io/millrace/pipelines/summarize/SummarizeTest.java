package io.millrace.pipelines.summarize;

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
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code summarize} from files into a real PostgreSQL, on every runner. */
class SummarizeTest {
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
            - {name: customer, physicalType: bigint}
            - {name: product, physicalType: text}
            - {name: country, physicalType: text}
            - {name: amount, physicalType: "numeric(10,2)"}
        - name: revenue_per_hour
          physicalName: gold.revenue_per_hour
          customProperties:
            - {property: kind, value: summary}
            - {property: from, value: purchases}
            - {property: windows, value: tumbling PT1H}
            - {property: allowedLateness, value: PT1H}
          properties:
            - {name: country, physicalType: text, primaryKey: true, primaryKeyPosition: 1}
            - name: hour
              physicalName: window_start
              physicalType: timestamptz
              primaryKey: true
              primaryKeyPosition: 2
              customProperties: [{property: value, value: window_start}]
            - name: orders
              physicalType: bigint
              customProperties: [{property: value, value: count}]
            - name: revenue
              physicalType: numeric(20,2)
              customProperties: [{property: value, value: sum(amount)}]
            - name: customers
              physicalType: bigint
              customProperties: [{property: value, value: approximate_distinct(customer)}]
            - name: median
              physicalType: double precision
              customProperties: [{property: value, value: "quantile(amount, 0.5)"}]
            - name: top_products
              physicalType: jsonb
              customProperties: [{property: value, value: "top(product, 2)"}]
      """;

  private static final String WITH_VISITS =
      CONTRACT.replace(
              "      - {property: eventTime, value: at}",
              "      - {property: eventTime, value: at}\n      - {property: eventType, value: kind}")
          + """
              - name: visits
                physicalName: visit
                customProperties:
                  - {property: kind, value: event}
                  - {property: eventTime, value: at}
                  - {property: eventType, value: kind}
                properties:
                  - {name: id, physicalType: text, primaryKey: true}
                  - {name: at, physicalType: timestamptz}
            """;

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
  void eachHourOfEachCountryIsARow(TestRunner runner) throws Exception {
    scene.events(
        purchase("1", "2026-05-01T10:00:00Z", 7, "lamp", "de", "10.10"),
        purchase("2", "2026-05-01T10:59:59.999Z", 7, "lamp", "de", "0.05"),
        purchase("3", "2026-05-01T11:00:00Z", 8, "chair", "de", "40"),
        purchase("4", "2026-05-01T10:30:00Z", 9, "sofa", "de", "900"),
        purchase("5", "2026-05-01T10:30:00Z", 9, "sofa", "fr", "901"),
        "{'id':'6','at':'no time'}");
    CommandLine run = scene.run(runner, "summarize");
    assertThat(run.err(), run.exitCode(), is(ExitCode.OK));
    List<String> expected =
        List.of(
            "(de,10,3,910.15,2,10.1,\"lamp 2, sofa 1\")",
            "(de,11,1,40.00,1,40,\"chair 1\")",
            "(fr,10,1,901.00,1,901,\"sofa 1\")");
    assertThat(scene.deadLetters().toString(), rows(), is(expected));
    assertThat(scene.deadLetters(), contains(containsString("no time")));

    assertThat(scene.run(runner, "summarize").exitCode(), is(ExitCode.OK));
    assertThat("run again", rows(), is(expected));
  }

  @ParameterizedTest
  @MethodSource("io.millrace.pipelines.TestRunner#all")
  void whatComesTwiceCountsOnceIfSaid(TestRunner runner) throws Exception {
    String purchase = purchase("1", "2026-05-01T10:00:00Z", 7, "lamp", "de", "10");
    scene.events(
        purchase, purchase("2", "2026-05-01T10:00:00Z", 7, "lamp", "de", "10"), purchase, purchase);
    CommandLine run = scene.run(runner, "summarize", "--dropDuplicates=60", "--run=first");
    assertThat(run.err(), run.exitCode(), is(ExitCode.OK));
    assertThat(rows(), contains("(de,10,2,20.00,1,10,\"lamp 2\")"));
    assertThat(scene.ledger("first"), contains("purchase: 4 = 2 + 2 + 0 + 0 + 0"));
  }

  @ParameterizedTest
  @MethodSource("io.millrace.pipelines.TestRunner#all")
  void theLedgerHasEveryTypeOfEventAlsoThoseOfNoTable(TestRunner runner) throws Exception {
    scene.contract(WITH_VISITS);
    scene.events(
        "{'kind':'visit','id':'1','at':'2026-05-01T10:00:00Z'}",
        "{'kind':'visit','id':'2','at':'2026-05-01T10:00:00Z'}",
        "{'kind':'visit','id':'3','at':'no time'}",
        "{'kind':'purchase','id':'1','at':'2026-05-01T10:00:00Z','country':'de'}",
        "{'kind':'flight','id':'1','at':'2026-05-01T10:00:00Z'}");
    CommandLine run = scene.run(runner, "summarize", "--run=first");
    assertThat(run.err(), run.exitCode(), is(ExitCode.OK));
    assertThat(
        scene.ledger("first"),
        contains(
            ": 1 = 0 + 0 + 0 + 1 + 0",
            "purchase: 1 = 1 + 0 + 0 + 0 + 0",
            "visit: 3 = 0 + 0 + 0 + 1 + 2"));
    assertThat(
        run.err().replaceAll(" +", " "),
        containsString(
            """
             event read accepted duplicate late rejected control
             (no type) 1 0 0 0 1 0 balanced
             purchase 1 1 0 0 0 0 balanced
             visit 3 0 0 0 1 2 balanced
             warehouse given written needless refused truncates repeated
             gold.revenue_per_hour 1 1 0 0 0 -
            """));
    assertThat(
        "a name is for one run",
        scene.run(runner, "summarize", "--run=first").exitCode(),
        is(ExitCode.INPUT));
  }

  @Test
  void aRunWhoseEventsDoNotBalanceIsAnError() throws Exception {
    scene.events(purchase("1", "2026-05-01T10:00:00Z", 7, "lamp", "de", "10"));
    assertThat(scene.run(TestRunner.DIRECT, "summarize").exitCode(), is(ExitCode.OK));
    scene.execute(
        """
        INSERT INTO _millrace.ledger
        SELECT 'second', 'visit', stage, writer, 7, 6, 0, 0, 0, 0, 0, updated_at
        FROM _millrace.ledger WHERE stage = 'events'
        """);
    CommandLine run = scene.run(TestRunner.DIRECT, "summarize", "--run=second");
    assertThat(run.exitCode(), is(ExitCode.BUG));
    assertThat(
        run.err(),
        containsString(
            "the ledger of run second does not balance: visit: 7 read, 6 accounted for"));
  }

  @Test
  void aNewerBuildStandsInPlaceOfTheOld() throws Exception {
    scene.events(
        purchase("1", "2026-05-01T10:00:00Z", 7, "lamp", "de", "10"),
        purchase("2", "2026-05-01T10:00:00Z", 7, "lamp", "de", "10"));
    assertThat(scene.run(TestRunner.DIRECT, "summarize").exitCode(), is(ExitCode.OK));
    scene.events(purchase("1", "2026-05-01T10:00:00Z", 7, "lamp", "de", "12"));
    assertThat(
        scene.run(TestRunner.DIRECT, "summarize", "--buildVersion=1").exitCode(), is(ExitCode.OK));
    assertThat(rows(), contains("(de,10,1,12.00,1,12,\"lamp 1\")"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "sum(amount)|sum(price)|the value of column revenue, sum(price), names price, which is no"
            + " column of the event purchases; it has id, ",
        "sum(amount)|sun(amount)|the value of column revenue, sun(amount), is no function that is"
            + " known: count, sum, mean",
        "value: count}|value: cuont}|the value of column orders, cuont, is no function that is known",
        "sum(amount)|sum|the value of column revenue, sum, names no column of the event: sum(amount)",
        "sum(amount)|\"quantile(amount, half)\"|the value of column revenue, quantile(amount, half),"
            + " needs a number as its second argument",
        "sum(amount)|\"top(amount, 1.5)\"|the value of column revenue, top(amount, 1.5), does not do:",
        "tumbling PT1H|tumbling an hour|the custom property windows is 'tumbling an hour'; it is one of",
        "allowedLateness, value: PT1H|allowedLateness, value: -PT1H|the custom property allowedLateness must be 0 or more, got PT-3600S"
      })
  void whatASummaryCannotBeMadeOfIsToldBeforeItRuns(String part, String other, String message)
      throws Exception {
    assertThat(CONTRACT, containsString(part));
    scene.contract(CONTRACT.replace(part, other));
    scene.events();
    CommandLine run = scene.run(TestRunner.DIRECT, "summarize");
    assertThat(run.err(), run.exitCode(), is(ExitCode.INPUT));
    assertThat(run.err(), containsString("table revenue_per_hour: " + message));
  }

  @Test
  void aPropertyThatIsMisspeltMostLikelyIsWarnedOf() throws Exception {
    scene.contract(withProperty("{property: lateFiring, value: PT1H}"));
    scene.events();
    CommandLine run = scene.run(TestRunner.DIRECT, "summarize");
    assertThat(run.err(), run.exitCode(), is(ExitCode.OK));
    assertThat(
        run.err(),
        containsString(
            "warning: table revenue_per_hour: the custom property lateFiring is unknown; did you"
                + " mean lateFirings?"));
  }

  @Test
  void resultsComeEarlyAfterSoManyEvents() throws Exception {
    scene.contract(
        withProperty("{property: earlyFiringsAfter, value: 2}")
            + """
                  - name: revision
                    physicalType: bigint
                    customProperties: [{property: value, value: revision}]
            """);
    scene.events(
        purchase("1", "2026-05-01T10:00:00Z", 7, "lamp", "de", "10"),
        purchase("2", "2026-05-01T10:00:00Z", 7, "lamp", "de", "10"),
        purchase("3", "2026-05-01T11:00:00Z", 7, "lamp", "de", "10"));
    CommandLine run = scene.run(TestRunner.DIRECT, "summarize");
    assertThat(run.err(), run.exitCode(), is(ExitCode.OK));
    assertThat(
        scene.query(
            "SELECT concat(orders, ' ', revision) FROM revenue_per_hour_live ORDER BY hour"),
        contains("2 1", "1 0"));
  }

  @Test
  void aNumberOfEventsThatIsNoneIsToldBeforeItRuns() throws Exception {
    scene.contract(withProperty("{property: earlyFiringsAfter, value: '0'}"));
    scene.events();
    CommandLine run = scene.run(TestRunner.DIRECT, "summarize");
    assertThat(run.exitCode(), is(ExitCode.INPUT));
    assertThat(
        run.err(),
        containsString(
            "table revenue_per_hour: the custom property earlyFiringsAfter is '0'; it is a number of"
                + " events from 1 to 999999999"));
  }

  private static String withProperty(String property) {
    String windows = "{property: windows, value: tumbling PT1H}";
    return CONTRACT.replace(windows, windows + "\n      - " + property);
  }

  private List<String> rows() throws Exception {
    return scene.query(
        """
        SELECT (country, extract(hour FROM hour AT TIME ZONE 'UTC'), orders, revenue, customers,
            median,
            (SELECT string_agg(concat(top->>'item', ' ', top->>'count'), ', ' ORDER BY place)
             FROM jsonb_array_elements(top_products) WITH ORDINALITY AS t(top, place)))::text
        FROM revenue_per_hour_live ORDER BY country, hour
        """);
  }

  private static String purchase(
      String id, String at, int customer, String product, String country, String amount) {
    return String.format(
        "{'id':'%s','at':'%s','customer':%d,'product':'%s','country':'%s','amount':%s}",
        id, at, customer, product, country, amount);
  }
}
