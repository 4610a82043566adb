package io.millrace.pipelines.ledger;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;

import io.millrace.pipelines.CommandLine;
import io.millrace.pipelines.TestRunner;
import io.millrace.pipelines.launch.ExitCode;
import io.millrace.testdata.Database;
import io.millrace.testdata.LocalPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code ledger} over the ledgers of real runs. */
@Timeout(120)
class LedgerCommandTest {
  private static LocalPostgres postgres;
  private static int databases;

  @TempDir Path directory;
  private Database database;
  private Path password;

  @BeforeAll
  static void start() {
    postgres = LocalPostgres.start("warehouse");
  }

  @AfterAll
  static void stop() {
    postgres.close();
  }

  @BeforeEach
  void createDatabase() throws Exception {
    database = postgres.database("warehouse" + databases++);
    password = Files.writeString(directory.resolve("password"), database.password() + "\n");
    Files.writeString(
        directory.resolve("shop.odcs.yaml"),
        """
        apiVersion: v3.0.2
        kind: DataContract
        id: shop
        version: 1.0.0
        status: active
        schema:
          - name: items
            physicalName: public.items
            properties:
              - {name: id, physicalType: bigint, primaryKey: true}
              - {name: title, physicalType: varchar(4)}
        """);
    Files.writeString(
        directory.resolve("changes.jsonl"),
        """
        {"table":"public.items","op":"upsert","position":1,"key":{"id":1},"after":{"title":"lamp"}}
        {"table":"public.items","op":"upsert","position":1,"key":{"id":1},"after":{"title":"lamp"}}
        {"table":"public.items","op":"upsert","position":2,"key":{"id":2},"after":{"title":"chair"}}
        {"table":"public.wares","op":"upsert","position":3,"key":{"id":2},"after":{"title":"x"}}
        """);
  }

  private static List<String> squeezed(CommandLine shown) {
    List<String> lines = shown.out().lines().map(line -> line.replaceAll(" +", " ")).toList();
    return lines.subList(1, lines.size());
  }

  private CommandLine lake(TestRunner runner, String command, String... more) {
    List<String> arguments =
        new ArrayList<>(List.of(command, "--lake=" + directory.resolve("lake")));
    arguments.addAll(List.of(more));
    return CommandLine.run(runner, arguments.toArray(new String[0]));
  }

  private String[] files(String run) {
    return new String[] {
      "--run=" + run,
      "--input=" + directory.resolve("changes.jsonl"),
      "--format=changes",
      "--contract=" + directory.resolve("shop.odcs.yaml"),
      "--deadLetters=" + directory.resolve("dead")
    };
  }

  @ParameterizedTest
  @MethodSource("io.millrace.pipelines.TestRunner#all")
  void aLakeKeepsTheLedgersOfRunsWithoutAWarehouse(TestRunner runner) {
    CommandLine first = lake(runner, "replicate", files("one"));
    assertThat(first.err(), first.exitCode(), is(ExitCode.OK));
    assertThat(lake(runner, "replicate", files("two")).exitCode(), is(ExitCode.OK));
    assertThat(
        squeezed(lake(runner, "ledger", "--run=one")),
        is(
            List.of(
                " table read accepted superseded duplicate late rejected control",
                " (no table) 1 0 0 0 0 0 1 balanced",
                " public.items 3 2 0 0 0 1 0 balanced")));
    assertThat(squeezed(lake(runner, "ledger")).get(2), is(" public.items 3 0 0 2 0 1 0 balanced"));
  }

  @ParameterizedTest
  @MethodSource("io.millrace.pipelines.TestRunner#all")
  void aLakeBesideAWarehouseHasALineOfItsOwn(TestRunner runner) throws Exception {
    CommandLine run = replicate(runner, "--lake=" + directory.resolve("lake"));
    assertThat(run.err(), run.exitCode(), is(ExitCode.OK));
    List<String> lines = squeezed(ledger());
    assertThat(
        lines.subList(lines.size() - 2, lines.size()),
        is(List.of(" lake taken in there before", " public.items 2 0")));
    execute("UPDATE _millrace.ledger SET accepted = 1 WHERE stage = 'lake'");
    assertThat(ledger().err(), containsString("public.items: 2 changes, 1 in the lake"));
  }

  @Test
  void aLedgerIsInOnePlace() {
    CommandLine neither = CommandLine.run(TestRunner.all().get(0), "ledger");
    assertThat(neither.exitCode(), is(ExitCode.INPUT));
    assertThat(neither.err(), containsString("either --warehouseUrl=JDBC_URL, or --lake=DIR"));
  }

  private CommandLine replicate(String... more) {
    return replicate(TestRunner.all().get(0), more);
  }

  private CommandLine replicate(TestRunner runner, String... more) {
    return run(
        runner,
        "replicate",
        List.of(
            "--input=" + directory.resolve("changes.jsonl"),
            "--format=changes",
            "--contract=" + directory.resolve("shop.odcs.yaml"),
            "--deadLetters=" + directory.resolve("dead")),
        more);
  }

  private CommandLine ledger(String... more) {
    return run(TestRunner.all().get(0), "ledger", List.of(), more);
  }

  private CommandLine run(TestRunner runner, String command, List<String> some, String... more) {
    List<String> arguments = new ArrayList<>(List.of(command));
    arguments.addAll(some);
    arguments.add("--warehouseUrl=" + database.jdbcUrl());
    arguments.add("--warehouseUser=" + database.user());
    arguments.add("--warehousePassword=file:" + password);
    arguments.addAll(List.of(more));
    return CommandLine.run(runner, arguments.toArray(new String[0]));
  }

  private void execute(String sql) throws SQLException {
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  @Test
  void showsTheNewestRun() {
    replicate("--run=one");
    replicate("--run=two");
    CommandLine shown = ledger();
    assertThat(shown.err(), shown.exitCode(), is(ExitCode.OK));
    assertThat(shown.out(), containsString("ledger of two: began "));
    assertThat(
        squeezed(shown),
        is(
            List.of(
                " table read accepted superseded duplicate late rejected control",
                " (no table) 1 0 0 0 0 0 1 balanced",
                " public.items 3 1 0 1 0 1 0 balanced",
                " warehouse given written needless refused truncates repeated",
                " public.items 1 0 1 0 0 0")));
    assertThat(ledger("--last=5").out(), containsString("ledger of one: began "));
    assertThat(ledger("--run=one").out(), containsString("ledger of one: began "));
  }

  @Test
  void anEndedRunThatDoesNotBalanceIsAnError() throws SQLException {
    replicate("--run=one");
    execute("UPDATE _millrace.ledger SET duplicate = 0 WHERE stage = 'merge'");
    CommandLine shown = ledger();
    assertThat(shown.exitCode(), is(ExitCode.BUG));
    assertThat(shown.out(), containsString("NOT BALANCED by 1"));
    assertThat(
        shown.err(),
        containsString(
            "the ledger of run one does not balance: public.items: 3 read, 2 accounted for"));
  }

  @Test
  void whatARunThatGoesOnLacksIsUnderWay() throws SQLException {
    replicate("--run=one");
    execute("UPDATE _millrace.ledger SET duplicate = 0 WHERE stage = 'merge'");
    execute("UPDATE _millrace.runs SET ended_at = NULL");
    CommandLine shown = ledger();
    assertThat(shown.err(), shown.exitCode(), is(ExitCode.OK));
    assertThat(shown.out(), allOf(containsString("has not ended"), containsString("1 under way")));
    assertThat(ledger("--settleSeconds=1").exitCode(), is(ExitCode.BUG));
  }

  @Test
  void whatIsNotThereIsTold() {
    CommandLine empty = ledger();
    assertThat(empty.exitCode(), is(ExitCode.INPUT));
    assertThat(empty.err(), containsString("has no ledger of any run"));
    replicate("--run=one");
    CommandLine other = ledger("--run=two");
    assertThat(other.exitCode(), is(ExitCode.INPUT));
    assertThat(other.err(), containsString("has no run 'two'"));
  }

  @Test
  void aNameIsForOneRun() {
    replicate("--run=one");
    CommandLine again = replicate("--run=one");
    assertThat(again.exitCode(), is(ExitCode.INPUT));
    assertThat(again.err(), containsString("there is the ledger of a run 'one' already"));
    CommandLine bad = replicate("--run=a/b");
    assertThat(bad.exitCode(), is(ExitCode.INPUT));
    assertThat(bad.err(), containsString("got 'a/b'"));
  }
}
