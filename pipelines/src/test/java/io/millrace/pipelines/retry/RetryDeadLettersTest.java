package io.millrace.pipelines.retry;

import static io.millrace.pipelines.retry.RetryScene.upsert;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.aMapWithSize;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.anEmptyMap;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.matchesPattern;

import io.millrace.pipelines.CommandLine;
import io.millrace.pipelines.TestRunner;
import io.millrace.pipelines.launch.ExitCode;
import io.millrace.testdata.LocalPostgres;
import io.millrace.testdata.events.CheckCommand;
import io.millrace.testdata.events.GenerateCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code retry-dead-letters} with what {@code replicate} left, against a real PostgreSQL. */
@Timeout(180)
class RetryDeadLettersTest {
  private static final String ROWS =
      "SELECT (id, title, price, colour)::text FROM items_live ORDER BY id";

  private static LocalPostgres postgres;
  private static int databases;

  @TempDir Path directory;
  private RetryScene scene;

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
    scene = new RetryScene(directory, postgres.database("retry" + databases++));
  }

  @ParameterizedTest
  @MethodSource("io.millrace.pipelines.TestRunner#all")
  void withAMendedContractTheRowsAppearAndNewerOnesStay(TestRunner runner) throws Exception {
    replicateWithUnknownColumns(runner);
    Map<String, String> letters = scene.letters();

    CommandLine run = scene.retry(runner, scene.mendedContract);
    assertThat(run.err(), run.exitCode(), is(ExitCode.OK));
    assertThat(
        "newer values stay, and their gaps are filled",
        scene.query(ROWS),
        contains("(1,lamp,9.50,)", "(2,stool,40.00,red)", "(3,desk,1.00,blue)"));
    assertThat(
        run.out(),
        allOf(
            matchesPattern("(?s).*public.items +PARSE +UNKNOWN_COLUMN +3 +3 +0\n.*"),
            matchesPattern("(?s).*\nall +3 +3 +0\n")));
    assertThat("letters stay as they are", scene.letters(), is(letters));

    Map<String, String> marks = scene.marks();
    List<String> rows = everything();
    CommandLine second = scene.retry(runner, scene.mendedContract);
    assertThat(second.err(), second.exitCode(), is(ExitCode.OK));
    assertThat(second.err(), matchesPattern("(?s).*UNKNOWN_COLUMN +0 +0 +3\n.*"));
    assertThat(second.out(), is(""));
    assertThat(scene.letters(), is(letters));
    assertThat(scene.marks(), is(marks));
    assertThat(everything(), is(rows));
  }

  /** Inserts, updates, deletes, truncates, changed keys: the log is one of dead letters only. */
  @ParameterizedTest
  @MethodSource("io.millrace.pipelines.TestRunner#all")
  void aWholeLogComesBackFromTheDeadLetters(TestRunner runner) throws Exception {
    Path events = directory.resolve("events.jsonl");
    new picocli.CommandLine(new GenerateCommand())
        .execute("--out=" + events, "--events=600", "--keys=100", "--duplicates=0.02");
    Path contract = Path.of(events + ".odcs.yaml");
    CommandLine wrong =
        scene.run(runner, "replicate", contract, "--input=" + events, "--format=changes");
    assertThat(wrong.err(), wrong.exitCode(), is(ExitCode.OK));

    CommandLine run = scene.retry(runner, contract, "--format=debezium");
    assertThat(run.err(), run.exitCode(), is(ExitCode.OK));
    assertThat(
        "equal to the answer",
        new picocli.CommandLine(new CheckCommand()).execute(scene.check(events)),
        is(0));
    assertThat(run.out(), matchesPattern("(?s).*\nall +([0-9,]+) +\\1 +0\n"));
  }

  @Test
  void aRecordIsReadAsAtFirstUnlessToldOtherwise() throws Exception {
    TestRunner runner = TestRunner.DIRECT;
    scene.replicate(runner, upsert(5, 1, "'title':'lamp'"));
    scene.run(
        runner,
        "replicate",
        scene.mendedContract,
        "--input=" + directory.resolve("changes.jsonl"),
        "--format=changes",
        "--positionEpoch=1");
    scene.replicate(runner, upsert(9, 1, "'title':'vase','colour':'red'"));
    scene.retry(runner, scene.mendedContract);
    String row = "SELECT (title, colour)::text FROM items";
    assertThat("its epoch is 0, the row's 1", scene.query(row), contains("(lamp,red)"));
    CommandLine wrong =
        scene.run(
            runner,
            "replicate",
            scene.mendedContract,
            "--input=" + directory.resolve("changes.jsonl"));
    assertThat(wrong.err(), containsString("1 records went to the dead letters"));
    assertThat(
        scene.retry(runner, scene.mendedContract).out(), matchesPattern("(?s).*\nall +1 +0 +1\n"));
    assertThat(
        scene.retry(runner, scene.mendedContract, "--format=changes", "--positionEpoch=2").out(),
        matchesPattern("(?s).*\nall +1 +1 +0\n"));
    assertThat(scene.query(row), contains("(vase,red)"));
  }

  @Test
  void whatTheWarehouseRefusedStaysUntilItDoesNot() throws Exception {
    TestRunner runner = TestRunner.DIRECT;
    assertThat(
        scene.replicate(runner, upsert(1, 1, "'title':'lamp','price':9.5")).exitCode(),
        is(ExitCode.OK));
    scene.execute("ALTER TABLE items ADD CONSTRAINT cheap CHECK (price < 100)");
    assertThat(
        scene
            .replicate(
                runner,
                upsert(2, 1, "'title':'lamp','price':500"),
                upsert(3, 2, "'title':'sofa','price':900"),
                upsert(4, 3, "'title':'chair','price':40"))
            .exitCode(),
        is(ExitCode.OK));
    Map<String, String> letters = scene.letters();
    for (int attempt = 1; attempt <= 2; attempt++) {
      CommandLine run = scene.retry(runner, scene.contract);
      assertThat(run.err(), run.exitCode(), is(ExitCode.OK));
      assertThat(run.out(), matchesPattern("(?s).*items +WAREHOUSE +REFUSED +2 +0 +2\n.*"));
      assertThat(scene.marks(), aMapWithSize(1));
      assertThat(
          scene.marks().values().iterator().next(),
          allOf(
              containsString("\"attempts\":" + attempt + ","),
              containsString("violates check constraint")));
      assertThat(scene.letters(), is(letters));
    }
    scene.execute("ALTER TABLE items DROP CONSTRAINT cheap");
    CommandLine run = scene.retry(runner, scene.contract);
    assertThat(run.out(), matchesPattern("(?s).*items +WAREHOUSE +REFUSED +2 +2 +0\n.*"));
    assertThat(
        scene.query("SELECT (id, price)::text FROM items_live ORDER BY id"),
        contains("(1,500.00)", "(2,900.00)", "(3,40.00)"));
  }

  @Test
  void deletesAndTruncatesAmongTheLettersCount() throws Exception {
    TestRunner runner = TestRunner.DIRECT;
    scene.replicate(
        runner,
        upsert(1, 1, "'title':'lamp','price':1"),
        upsert(2, 2, "'title':'chair','price':1"),
        "{'table':'public.items','op':'truncate','position':3,'committedAt':'never'}",
        upsert(4, 3, "'title':'desk','price':1"),
        upsert(5, 4, "'title':'sofa','price':1"),
        "{'table':'public.items','op':'delete','position':6,'key':{'id':4},'committedAt':'never'}");
    String live = "SELECT id FROM items_live ORDER BY id";
    assertThat(scene.query(live), contains("1", "2", "3", "4"));
    mendLetters("\\\"never\\\"", "0");
    assertThat(scene.retry(runner, scene.contract).exitCode(), is(ExitCode.OK));
    assertThat(scene.query(live), contains("3"));
  }

  @Test
  void aLineThatHoldsNoLetterIsToldAndKept() throws Exception {
    TestRunner runner = TestRunner.DIRECT;
    replicateWithUnknownColumns(runner);
    Path file = scene.deadLetters.resolve(scene.letters().keySet().iterator().next());
    List<String> lines = Files.readAllLines(file);
    String torn = lines.get(0).replace("red", "green").replace("chair", "bench");
    Files.writeString(
        file, "{\"reason\":\"BAD\n\n" + torn.substring(0, 40), StandardOpenOption.APPEND);
    CommandLine run = scene.retry(runner, scene.mendedContract);
    assertThat(run.err(), run.exitCode(), is(ExitCode.OK));
    assertThat(
        run.err(),
        allOf(
            containsString("warning: 2 lines hold no whole dead letter"),
            containsString(file + ":" + (lines.size() + 1) + ", "),
            containsString(file + ":" + (lines.size() + 3))));
    assertThat(run.out(), matchesPattern("(?s).*\nall +3 +3 +0\n"));

    Files.writeString(file, torn.substring(40) + "\n", StandardOpenOption.APPEND);
    CommandLine second = scene.retry(runner, scene.mendedContract);
    assertThat(second.err(), containsString("warning: 1 lines hold no whole dead letter"));
    assertThat("the writer has gone on", second.out(), matchesPattern("(?s).*\nall +1 +1 +0\n"));
    assertThat(Files.readString(file), containsString("{\"reason\":\"BAD\n"));
  }

  @Test
  void onlyWhatIsAskedForIsSentAgain() throws Exception {
    TestRunner runner = TestRunner.DIRECT;
    replicateWithUnknownColumns(runner);
    scene.replicate(runner, upsert(20, 9, "'title':'a title that is far too long','price':1"));
    CommandLine all = scene.retry(runner, scene.mendedContract, "--dryRun");
    assertThat(all.err(), is(""));
    assertThat(
        all.out(),
        allOf(
            matchesPattern("(?s)table +stage +reason +waiting +failed again +done\n.*"),
            matchesPattern("(?s).*public.items +PARSE +BAD_VALUE +1 +0 +0\n.*"),
            matchesPattern("(?s).*public.items +PARSE +UNKNOWN_COLUMN +3 +0 +0\n.*"),
            matchesPattern("(?s).*\nall +4 +0 +0\n")));
    assertThat("nothing is done", scene.marks(), is(anEmptyMap()));
    for (String none :
        List.of(
            "--table=public.others",
            "--reason=malformed",
            "--stage=warehouse",
            "--since=2999-01-01",
            "--until=1999-12-31")) {
      CommandLine run = scene.retry(runner, scene.mendedContract, none);
      assertThat(none, run.exitCode(), is(ExitCode.OK));
      assertThat(none, run.err(), containsString("there are no such dead letters"));
    }
    assertThat(scene.marks(), is(anEmptyMap()));
    CommandLine some =
        scene.retry(
            runner,
            scene.mendedContract,
            "--table=public.items",
            "--reason=bad_value",
            "--stage=parse",
            "--since=2020-01-01",
            "--until=2999-01-01");
    assertThat(some.out(), matchesPattern("(?s).*PARSE +BAD_VALUE +1 +0 +1\n.*"));
    assertThat(
        scene.retry(runner, scene.mendedContract, "--dryRun").out(),
        allOf(
            matchesPattern("(?s).*PARSE +BAD_VALUE +1 +1 +0\n.*"),
            matchesPattern("(?s).*PARSE +UNKNOWN_COLUMN +3 +0 +0\n.*")));
  }

  @Test
  void whatCannotBeIsTheUsersInput() throws Exception {
    CommandLine missing = scene.retry(TestRunner.DIRECT, scene.contract);
    assertThat(missing.exitCode(), is(ExitCode.INPUT));
    assertThat(
        missing.err(),
        is("error: --deadLetters: there is no directory " + scene.deadLetters + "\n"));
    Files.createDirectories(scene.deadLetters);
    CommandLine date = scene.retry(TestRunner.DIRECT, scene.contract, "--since=yesterday");
    assertThat(date.exitCode(), is(ExitCode.INPUT));
    assertThat(
        date.err(), containsString("--since must be a date such as 2026-05-01, got 'yesterday'"));
  }

  @Test
  void aTableThatTheContractDoesNotHaveStays() throws Exception {
    TestRunner runner = TestRunner.DIRECT;
    replicateWithUnknownColumns(runner);
    Path other =
        Files.writeString(
            directory.resolve("other.yaml"),
            Files.readString(scene.mendedContract).replace("items", "others"));
    CommandLine run = scene.retry(runner, other);
    assertThat(run.out(), matchesPattern("(?s).*public.items +PARSE +NO_TABLE +3 +0 +3\n.*"));
    assertThat(
        scene.retry(runner, scene.mendedContract).out(), matchesPattern("(?s).*\nall +3 +3 +0\n"));
  }

  /** It is killed while one of its batches waits for a row, and others are committed. */
  @Test
  void killedHalfWayNothingIsLostAndTheNextRunEndsIt() throws Exception {
    TestRunner runner = TestRunner.DIRECT;
    scene.replicate(runner, upsert(1, 60, "'title':'old','price':1"));
    scene.replicate(
        runner,
        IntStream.rangeClosed(1, 80)
            .mapToObj(id -> upsert(100 + id, id, "'title':'new','price':2,'colour':'red'"))
            .toArray(String[]::new));
    assertThat(scene.query("SELECT id FROM items"), contains("60"));
    scene.run(
        runner,
        "replicate",
        scene.mendedContract,
        "--input=" + Files.writeString(directory.resolve("empty.jsonl"), "\n"));
    try (Connection connection = scene.connect();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.execute("SELECT * FROM items WHERE id = 60 FOR UPDATE");
      Process process = startRetry();
      try {
        awaitLock(process);
        process.destroyForcibly();
        assertThat(process.waitFor(60, TimeUnit.SECONDS), is(true));
      } finally {
        process.destroyForcibly();
      }
      connection.rollback();
    }
    assertThat(
        "some batches were written",
        scene.query("SELECT id FROM items WHERE title = 'new'").size(),
        is(greaterThan(0)));
    assertThat(scene.query("SELECT title FROM items WHERE id = 60"), contains("old"));
    assertThat(scene.marks(), is(anEmptyMap()));
    String progress = "SELECT encode(position, 'hex') FROM _millrace.progress";
    List<String> before = scene.query(progress);

    CommandLine run = scene.retry(runner, scene.mendedContract);
    assertThat(run.out(), matchesPattern("(?s).*\nall +80 +80 +0\n"));
    assertThat("letters are not all that there is", scene.query(progress), is(before));
    assertThat(
        run.err(),
        matchesPattern("(?s).*[0-9]+ of the changes found their rows as new or newer.*"));
    assertThat(
        scene.query("SELECT count(*) FROM items_live WHERE title = 'new' AND colour = 'red'"),
        contains("80"));
  }

  private Process startRetry() throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-cp",
                System.getProperty("java.class.path"),
                RetryProcess.class.getName()));
    command.addAll(
        scene.arguments("retry-dead-letters", scene.mendedContract, "--warehouseBatch=10"));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(directory.resolve("log").toFile())
        .start();
  }

  private void awaitLock(Process process) throws Exception {
    String waiting =
        "SELECT count(*) FROM (SELECT pg_sleep(0.1)) AS pause, pg_stat_activity"
            + " WHERE application_name = 'millrace' AND wait_event_type = 'Lock'"
            + " AND datname = current_database()";
    while (!scene.query(waiting).equals(List.of("1"))) {
      assertThat(Files.readString(directory.resolve("log")), process.isAlive(), is(true));
    }
  }

  private void replicateWithUnknownColumns(TestRunner runner) throws IOException {
    CommandLine run =
        scene.replicate(
            runner,
            upsert(1, 1, "'title':'lamp','price':9.5"),
            upsert(2, 2, "'title':'chair','price':40,'colour':'red'"),
            upsert(3, 3, "'title':'table','price':60,'colour':'blue'"),
            upsert(4, 2, "'title':'stool'"),
            upsert(1, 4, "'title':'vase','price':3,'colour':'blue'"),
            "{'table':'public.items','op':'delete','position':7,'key':{'id':4}}",
            upsert(9, 3, "'title':'desk','price':1"));
    assertThat(run.err(), run.exitCode(), is(ExitCode.OK));
    assertThat(run.err(), containsString("3 records went to the dead letters"));
  }

  private void mendLetters(String broken, String mended) throws IOException {
    for (String name : scene.letters().keySet()) {
      Path file = scene.deadLetters.resolve(name);
      String text = Files.readString(file);
      assertThat(text, containsString(broken));
      Files.writeString(file, text.replace(broken, mended));
    }
  }

  private List<String> everything() throws Exception {
    return scene.query("SELECT to_jsonb(t)::text FROM items t ORDER BY id");
  }
}
