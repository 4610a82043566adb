package io.millrace.pipelines.event;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;

import io.millrace.pipelines.CommandLine;
import io.millrace.pipelines.EventScene;
import io.millrace.pipelines.TestRunner;
import io.millrace.pipelines.launch.ExitCode;
import io.millrace.testdata.LocalPostgres;
import io.millrace.transforms.lake.LakeManifest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Events that {@code replicate} landed in a lake make the tables that they make themselves. */
@Timeout(240)
class EventsFromLakeTest {
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
            - {name: customer_id, physicalName: customer, physicalType: bigint}
            - {name: amount, physicalType: "numeric(10,2)"}
        - name: revenue_per_hour
          physicalName: revenue_per_hour
          customProperties:
            - {property: kind, value: summary}
            - {property: from, value: purchases}
            - {property: windows, value: tumbling PT1H}
          properties:
            - name: hour
              physicalName: window_start
              physicalType: timestamptz
              primaryKey: true
              customProperties: [{property: value, value: window_start}]
            - name: orders
              physicalType: bigint
              customProperties: [{property: value, value: count}]
            - name: revenue
              physicalType: numeric(20,2)
              customProperties: [{property: value, value: sum(amount)}]
        - name: customers
          physicalName: customers
          customProperties:
            - {property: kind, value: entity}
            - {property: from, value: purchases}
            - {property: horizon, value: P1D}
          properties:
            - {name: customer_id, physicalType: bigint, primaryKey: true}
            - name: purchases
              physicalType: bigint
              customProperties: [{property: value, value: count}]
      """;

  private static LocalPostgres postgres;
  private static int scenes;

  @TempDir Path directory;
  private EventScene scene;
  private Path lake;

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
    lake = directory.resolve("lake");
    scene.events(
        purchase("1", "2026-05-01T10:00:00.000000001Z", 7, "10.10"),
        purchase("2", "2026-05-01T10:59:59.999Z", 7, "0.05"),
        purchase("3", "2026-05-01T11:00:00Z", 8, "40"),
        "{'id':'4','at':'no time'}",
        purchase("5", "2026-05-01T11:00:00Z", 9, "null"));
  }

  private static String purchase(String id, String at, int customer, String amount) {
    return String.format(
        "{'id':'%s','at':'%s','customer':%d,'amount':%s}", id, at, customer, amount);
  }

  private void land(TestRunner runner) {
    CommandLine landed =
        CommandLine.run(
            runner,
            "replicate",
            "--format=events",
            "--input=" + directory.resolve("events.jsonl"),
            "--contract=" + directory.resolve("shop.odcs.yaml"),
            "--deadLetters=" + directory.resolve("landing"),
            "--lake=" + lake);
    assertThat(landed.err(), landed.exitCode(), is(ExitCode.OK));
  }

  private CommandLine fromLake(TestRunner runner, String command, String... more) {
    return scene.runFrom("--fromLake=" + lake, runner, command, more);
  }

  @ParameterizedTest
  @MethodSource("io.millrace.pipelines.TestRunner#all")
  void theTablesAreThoseOfTheFileItself(TestRunner runner) throws Exception {
    assertThat(scene.run(runner, "summarize").exitCode(), is(ExitCode.OK));
    assertThat(scene.run(runner, "evolve").exitCode(), is(ExitCode.OK));
    List<String> ofFile = tables();
    assertThat(ofFile, hasSize(9));
    land(runner);
    scene.query(
        "WITH s AS (DELETE FROM revenue_per_hour), e AS (DELETE FROM customers)"
            + " DELETE FROM late_counts RETURNING run");
    for (String command : List.of("summarize", "evolve")) {
      CommandLine run = fromLake(runner, command);
      assertThat(run.err(), run.exitCode(), is(ExitCode.OK));
    }
    assertThat(tables(), is(ofFile));
  }

  private List<String> tables() throws Exception {
    return scene.query(
        """
        SELECT (hour, orders, revenue)::text AS row FROM revenue_per_hour_live
        UNION ALL SELECT (customer_id, purchases)::text FROM customers_live
        UNION ALL SELECT (event, source, hour, in_time, late, too_late)::text FROM late_counts_live
        ORDER BY row
        """);
  }

  @Test
  void aDeadLetterSaysWhereItsEventCameFrom() throws Exception {
    land(TestRunner.DIRECT);
    scene.contract(CONTRACT.replace("numeric(10,2)", "numeric(10,0)"));
    CommandLine run = fromLake(TestRunner.DIRECT, "summarize");
    assertThat(run.err(), run.exitCode(), is(ExitCode.OK));
    assertThat(
        scene.deadLetters(),
        containsInAnyOrder(
            allOf(containsString("events.jsonl:1\""), containsString("10.10")),
            allOf(containsString("events.jsonl:2\""), containsString("0.05"))));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--fromLake=lake  | --input=x.jsonl          | is given with --input=x.jsonl; leave out all but one",
        "--fromLake=lake  | --kafkaTopics=purchases  | is given with options of Kafka; leave out all but one",
        "--fromLake=none  | --run=r                  | there is no lake in none; replicate --format=events",
        "--tableSuffix=_2 | --run=r                  | give --input=FILES, --fromLake=DIR, or",
      })
  void thereIsOneSource(String source, String more, String error) {
    CommandLine run = scene.runFrom(source, TestRunner.DIRECT, "summarize", more);
    assertThat(run.exitCode(), is(ExitCode.INPUT));
    assertThat(run.err(), containsString(error));
  }

  @Test
  void otherNamesOfTablesAreNotInTheLake() {
    land(TestRunner.DIRECT);
    CommandLine run = fromLake(TestRunner.DIRECT, "summarize", "--tablePrefix=x_");
    assertThat(run.exitCode(), is(ExitCode.INPUT));
    assertThat(
        run.err(),
        containsString("holds no event of the contract (x_purchases); it holds purchases;"));
  }

  @Test
  void aFileThatIsNotWholeIsTheUsersInput() throws Exception {
    land(TestRunner.DIRECT);
    LakeManifest manifest = LakeManifest.read(lake.toString());
    String file = manifest.locate(manifest.files().get(0));
    Files.write(Path.of(file), new byte[1], StandardOpenOption.APPEND);
    CommandLine run = fromLake(TestRunner.DIRECT, "summarize");
    assertThat(run.exitCode(), is(ExitCode.INPUT));
    assertThat(run.err(), containsString(file + " has "));
  }
}
