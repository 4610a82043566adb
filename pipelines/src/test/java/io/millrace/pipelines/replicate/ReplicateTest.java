package io.millrace.pipelines.replicate;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.matchesRegex;
import static org.hamcrest.Matchers.not;

import io.millrace.pipelines.CommandLine;
import io.millrace.pipelines.TestRunner;
import io.millrace.pipelines.launch.ExitCode;
import io.millrace.testdata.Database;
import io.millrace.testdata.LocalPostgres;
import io.millrace.testdata.events.CheckCommand;
import io.millrace.testdata.events.GenerateCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code replicate} from files into a real PostgreSQL, on every runner. */
class ReplicateTest {
  private static final String CONTRACT =
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
            - {name: title, physicalType: varchar(20)}
            - {name: price, physicalType: "numeric(8,2)"}
      """;

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
  }

  @ParameterizedTest
  @MethodSource("io.millrace.pipelines.TestRunner#all")
  void theNewestChangeOfEachRowIsInTheWarehouse(TestRunner runner) throws Exception {
    CommandLine run =
        replicate(
            runner,
            write(
                CONTRACT,
                upsert(3, "1", "'title':'lamp','price':9.5"),
                upsert(1, "1", "'title':'old lamp','price':8"),
                upsert(2, "2", "'title':'chair','price':40"),
                upsert(5, "2", "'price':45.25"),
                "{'table':'public.items','op':'delete','position':4,'key':{'id':3}}",
                upsert(1, "3", "'title':'gone','price':1"),
                upsert(3, "1", "'title':'lamp','price':9.5")),
            "--format=changes");
    assertThat(run.err(), run.exitCode(), is(ExitCode.OK));
    assertThat(rows("items_live"), contains("(1,lamp,9.50)", "(2,chair,45.25)"));
    assertThat(
        run.err(),
        allOf(
            containsString("replicate: done after"),
            containsString("records read                         7\n"),
            containsString("ledger of replicate-"),
            matchesRegex("(?s).*\\bpublic\\.items +7 .* balanced\n.*"),
            not(containsString("warning"))));
  }

  @ParameterizedTest
  @MethodSource("io.millrace.pipelines.TestRunner#all")
  void aGeneratedFileGivesItsAnswerAndGoesOnGivingIt(TestRunner runner) throws Exception {
    Path events = directory.resolve("events.jsonl");
    generate(events, "--events=4000", "--keys=600", "--duplicates=0.05");
    CommandLine first = replicate(runner, events);
    assertThat(first.err(), first.exitCode(), is(ExitCode.OK));
    assertThat("equal to the answer", check(events), is(0));
    List<String> once = everything();

    Path shuffled = shuffle(events);
    assertThat(replicate(runner, shuffled).exitCode(), is(ExitCode.OK));
    assertThat("run again, shuffled", everything(), is(once));

    createDatabase();
    assertThat(replicate(runner, shuffled).exitCode(), is(ExitCode.OK));
    assertThat("into an empty warehouse", everything(), is(once));
  }

  @ParameterizedTest
  @MethodSource("io.millrace.pipelines.TestRunner#all")
  void brokenLinesGoToTheDeadLettersAndTheOthersOn(TestRunner runner) throws Exception {
    Path events = directory.resolve("events.jsonl");
    generate(events, "--events=1000", "--keys=200", "--broken=0.05");
    CommandLine run = replicate(runner, events);
    assertThat(run.err(), run.exitCode(), is(ExitCode.OK));
    assertThat("equal to the answer", check(events), is(0));
    List<String> broken = Files.readAllLines(Path.of(events + ".answer.jsonl.broken"));
    List<String> deadLetters = deadLetters();
    assertThat(deadLetters, hasSize(broken.size()));
    assertThat(
        run.err(),
        containsString(
            "warning: "
                + broken.size()
                + " records went to the dead letters in "
                + directory.resolve("dead")));
    assertThat(
        deadLetters.get(0),
        allOf(
            containsString("\"reason\":"),
            containsString("events.jsonl:"),
            containsString("record")));
  }

  @ParameterizedTest
  @MethodSource("io.millrace.pipelines.TestRunner#all")
  void routesMergeTablesWhoseNamesHaveAPrefixAndASuffix(TestRunner runner) throws Exception {
    CommandLine run =
        replicate(
            runner,
            write(
                CONTRACT,
                upsert(1, "1", "'title':'lamp','price':9.5").replace("public", "shop_1"),
                upsert(1, "2", "'title':'chair','price':40").replace("public", "shop_12"),
                upsert(1, "3", "'title':'gone','price':1").replace("public", "shop_x")),
            "--format=changes",
            "--route=shop_\\d{1,2}\\.items:items; public.(\\w+):$1",
            "--tablePrefix=raw_",
            "--tableSuffix=_v1");
    assertThat(run.err(), run.exitCode(), is(ExitCode.OK));
    assertThat(rows("raw_items_v1_live"), contains("(1,lamp,9.50)", "(2,chair,40.00)"));
    assertThat(
        run.err(), containsString("warning: table raw_items_v1 takes the rows of several tables"));
    CommandLine wrong = replicate(runner, directory.resolve("changes.jsonl"), "--route=a.b:other");
    assertThat(wrong.err(), wrong.exitCode(), is(ExitCode.INPUT));
    assertThat(wrong.err(), containsString("route a.b:other: the contract has no table other"));
  }

  @ParameterizedTest
  @MethodSource("io.millrace.pipelines.TestRunner#all")
  void derivedColumnsAndTablesWithoutAKeyAreKeptEverywhere(TestRunner runner) throws Exception {
    String contract =
        CONTRACT
                .replace(
                    "    properties:",
                    "    customProperties: [{property: withoutKey, value: all_columns}]\n"
                        + "    properties:")
                .replace(", primaryKey: true", "")
            + "      - {name: gross, physicalType: numeric, transformLogic: price * 2}\n";
    Path events =
        write(
            contract,
            "{'table':'public.items','op':'upsert','position':1,'after':{'id':1,'title':'lamp','price':2}}",
            "{'table':'public.items','op':'upsert','position':2,'after':{'id':1,'title':'lamp','price':3}}",
            "{'table':'public.items','op':'delete','position':3,'key':{'id':1,'title':'lamp','price':2}}");
    for (int run = 1; run <= 2; run++) {
      CommandLine line =
          replicate(
              runner,
              events,
              "--format=changes",
              "--history=true",
              "--lake=" + directory.resolve("lake"));
      assertThat(line.err(), line.exitCode(), is(ExitCode.OK));
    }
    assertThat(query("SELECT (t.*)::text FROM items_live AS t"), contains("(1,lamp,3.00,6.00)"));
    assertThat(
        query("SELECT (price, gross)::text FROM items_history ORDER BY price"),
        contains("(2.00,4.00)", "(3.00,6.00)"));
  }

  @ParameterizedTest
  @MethodSource("io.millrace.pipelines.TestRunner#all")
  void whatFailsWhileItRunsIsOneLine(TestRunner runner) throws Exception {
    Path events = write(CONTRACT, upsert(1, "1", "'title':'lamp','price':9.5"));
    assertThat(replicate(runner, events, "--format=changes").exitCode(), is(ExitCode.OK));
    execute(
        "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS"
            + " $$ BEGIN RAISE insufficient_privilege USING MESSAGE = 'not today'; END $$");
    execute("CREATE TRIGGER refuse BEFORE INSERT OR UPDATE ON items EXECUTE FUNCTION refuse()");
    CommandLine run =
        replicate(
            runner,
            write(CONTRACT, upsert(2, "1", "'title':'lamp','price':9.5")),
            "--format=changes");
    assertThat(run.err(), run.exitCode(), is(ExitCode.WORLD));
    assertThat(run.err(), allOf(containsString("not today"), not(containsString("\tat "))));
  }

  @ParameterizedTest
  @MethodSource("io.millrace.pipelines.TestRunner#all")
  void aTableThatDoesNotFitIsTheUsersInput(TestRunner runner) throws Exception {
    execute("CREATE TABLE items (id text PRIMARY KEY)");
    CommandLine run =
        replicate(runner, write(CONTRACT, upsert(1, "1", "'title':'lamp'")), "--format=changes");
    assertThat(run.err(), run.exitCode(), is(ExitCode.INPUT));
    assertThat(run.err(), containsString("the warehouse does not fit the contract"));
  }

  @ParameterizedTest
  @MethodSource("io.millrace.pipelines.TestRunner#all")
  void aWrongPasswordIsTheWorlds(TestRunner runner) throws Exception {
    Files.writeString(password, "wrong");
    CommandLine run = replicate(runner, write(CONTRACT, upsert(1, "1", "'title':'lamp'")));
    assertThat(run.err(), run.exitCode(), is(ExitCode.WORLD));
    assertThat(run.err(), containsString("password authentication failed for user \"postgres\""));
    assertThat(run.err().lines().toList(), hasSize(1));
  }

  private static String upsert(int position, String id, String columns) {
    return String.format(
        "{'table':'public.items','op':'upsert','position':%d,'key':{'id':%s},'after':{'id':%s,%s}}",
        position, id, id, columns);
  }

  /** Writes lines, in which a quote may be single, beside their contract. */
  private Path write(String contract, String... lines) throws IOException {
    Path file = directory.resolve("changes.jsonl");
    Files.writeString(Path.of(file + ".odcs.yaml"), contract);
    return Files.write(file, Arrays.stream(lines).map(line -> line.replace('\'', '"')).toList());
  }

  private static void generate(Path file, String... options) {
    List<String> arguments = new ArrayList<>(List.of("--out=" + file));
    arguments.addAll(List.of(options));
    int exitCode =
        new picocli.CommandLine(new GenerateCommand()).execute(arguments.toArray(new String[0]));
    assertThat(exitCode, is(0));
  }

  private Path shuffle(Path file) throws IOException {
    List<String> lines = new ArrayList<>(Files.readAllLines(file));
    Collections.shuffle(lines, new Random(7));
    Path shuffled = directory.resolve("shuffled.jsonl");
    Files.copy(Path.of(file + ".odcs.yaml"), Path.of(shuffled + ".odcs.yaml"));
    return Files.write(shuffled, lines);
  }

  private int check(Path events) {
    return new picocli.CommandLine(new CheckCommand())
        .execute(
            "--answer=" + events + ".answer.jsonl",
            "--warehouseUrl=" + database.jdbcUrl(),
            "--warehouseUser=" + database.user(),
            "--warehousePassword=file:" + password);
  }

  private CommandLine replicate(TestRunner runner, Path input, String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "replicate",
                "--input=" + input,
                "--contract=" + input + ".odcs.yaml",
                "--warehouseUrl=" + database.jdbcUrl(),
                "--warehouseUser=" + database.user(),
                "--warehousePassword=file:" + password,
                "--deadLetters=" + directory.resolve("dead")));
    arguments.addAll(List.of(more));
    return CommandLine.run(runner, arguments.toArray(new String[0]));
  }

  private List<String> deadLetters() throws IOException {
    List<String> lines = new ArrayList<>();
    try (Stream<Path> files = Files.walk(directory.resolve("dead"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        lines.addAll(Files.readAllLines(file));
      }
    }
    return lines;
  }

  /** All rows of both generated tables, but for when they came. */
  private List<String> everything() throws SQLException {
    List<String> rows = new ArrayList<>();
    for (String table : List.of("accounts", "transfers")) {
      rows.addAll(
          query(
              "SELECT to_jsonb(t) - '_received_at' - '_applied_at' FROM "
                  + table
                  + " t ORDER BY to_jsonb(t)::text"));
    }
    Collections.sort(rows);
    return rows;
  }

  private List<String> rows(String table) throws SQLException {
    return query("SELECT (id, title, price)::text FROM " + table + " ORDER BY id");
  }

  private List<String> query(String sql) throws SQLException {
    List<String> rows = new ArrayList<>();
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      while (result.next()) {
        rows.add(result.getString(1));
      }
    }
    return rows;
  }

  private void execute(String sql) throws SQLException {
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
