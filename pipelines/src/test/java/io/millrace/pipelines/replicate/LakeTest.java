package io.millrace.pipelines.replicate;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.startsWith;

import io.millrace.pipelines.CommandLine;
import io.millrace.pipelines.TestRunner;
import io.millrace.pipelines.launch.ExitCode;
import io.millrace.testdata.Database;
import io.millrace.testdata.LocalPostgres;
import io.millrace.testdata.events.CheckCommand;
import io.millrace.testdata.events.GenerateCommand;
import io.millrace.transforms.lake.LakeFile;
import io.millrace.transforms.lake.LakeManifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code replicate --lake}, with and without a warehouse, and {@code lake}. */
@Timeout(180)
class LakeTest {
  @TempDir Path directory;
  private Path events;
  private Path lake;

  @BeforeEach
  void generate() {
    events = directory.resolve("events.jsonl");
    lake = directory.resolve("lake");
    new picocli.CommandLine(new GenerateCommand())
        .execute("--out=" + events, "--events=4000", "--keys=600");
  }

  @ParameterizedTest
  @MethodSource("io.millrace.pipelines.TestRunner#all")
  void withoutAWarehouseOnlyTheLakeIsWritten(TestRunner runner) throws Exception {
    CommandLine first = replicate(runner);
    assertThat(first.err(), first.exitCode(), is(ExitCode.OK));
    List<LakeFile> files = LakeManifest.read(lake.toString()).files();
    assertThat(rows(files), greaterThan((long) lines()));
    CommandLine again = replicate(runner);
    assertThat(again.err(), containsString("in the lake already"));
    assertThat(LakeManifest.read(lake.toString()).files(), is(files));
  }

  @ParameterizedTest
  @MethodSource("io.millrace.pipelines.TestRunner#all")
  void besideAWarehouseBothAreComplete(TestRunner runner) throws Exception {
    try (LocalPostgres postgres = LocalPostgres.start("warehouse")) {
      Database database = postgres.database();
      Path password = Files.writeString(directory.resolve("password"), database.password());
      String[] access = {
        "--warehouseUrl=" + database.jdbcUrl(),
        "--warehouseUser=" + database.user(),
        "--warehousePassword=file:" + password
      };
      CommandLine run = replicate(runner, access);
      assertThat(run.err(), run.exitCode(), is(ExitCode.OK));
      int equal =
          new picocli.CommandLine(new CheckCommand())
              .execute("--answer=" + events + ".answer.jsonl", access[0], access[1], access[2]);
      assertThat("equal to the answer", equal, is(0));
    }
    assertThat(rows(LakeManifest.read(lake.toString()).files()), greaterThan((long) lines()));
  }

  @Test
  void lakeShowsWhatThereIs() throws Exception {
    replicate(TestRunner.DIRECT);
    CommandLine summary = lake("--lake=" + lake);
    assertThat(summary.err(), summary.exitCode(), is(ExitCode.OK));
    assertThat(summary.out(), allOf(containsString("accounts"), containsString("transfers")));
    CommandLine files = lake("--lake=" + lake, "--show=files", "--table=accounts");
    assertThat(
        files.out(), startsWith(lake.resolve("table=accounts").resolve("commit_date=").toString()));
    assertThat(files.out(), not(containsString("table=transfers")));
    assertThat(
        lake("--lake=" + lake, "--show=views").out(),
        startsWith("CREATE OR REPLACE VIEW \"accounts_log\" AS SELECT * FROM read_parquet(["));
  }

  @Test
  void lakeSaysWhatIsNotWhole() throws Exception {
    replicate(TestRunner.DIRECT);
    String file = lake("--lake=" + lake, "--show=files").out().lines().findFirst().orElseThrow();
    Files.write(Path.of(file), new byte[1], StandardOpenOption.APPEND);
    CommandLine check = lake("--lake=" + lake);
    assertThat(check.exitCode(), is(ExitCode.WORLD));
    assertThat(check.err(), containsString(file + " has "));
    assertThat(lake("--lake=" + lake + "x").exitCode(), is(ExitCode.INPUT));
    assertThat(lake("--lake=" + lake, "--table=none").exitCode(), is(ExitCode.INPUT));
  }

  @Test
  void anotherFileOfTheSameNameIsTheUsersInput() throws Exception {
    replicate(TestRunner.DIRECT);
    List<String> lines = Files.readAllLines(events);
    Files.write(events, lines.subList(7, lines.size()));
    CommandLine run = replicate(TestRunner.DIRECT);
    assertThat(run.err(), run.exitCode(), is(ExitCode.INPUT));
    assertThat(run.err(), containsString(events + " is not the file whose changes the lake holds"));
  }

  @Test
  void nowhereToWriteIsSaidBeforeAnythingRuns() {
    CommandLine run =
        CommandLine.run(
            TestRunner.DIRECT,
            "replicate",
            "--input=" + events,
            "--contract=" + events + ".odcs.yaml");
    assertThat(run.exitCode(), is(ExitCode.INPUT));
    assertThat(run.err(), containsString("give --warehouseUrl=JDBC_URL, --lake=DIR, or both"));
  }

  private CommandLine replicate(TestRunner runner, String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "replicate",
                "--input=" + events,
                "--contract=" + events + ".odcs.yaml",
                "--lake=" + lake,
                "--deadLetters=" + directory.resolve("dead")));
    arguments.addAll(List.of(more));
    return CommandLine.run(runner, arguments.toArray(new String[0]));
  }

  private static CommandLine lake(String... options) {
    return CommandLine.run(
        TestRunner.DIRECT,
        Stream.concat(Stream.of("lake"), Stream.of(options)).toArray(String[]::new));
  }

  private int lines() throws IOException {
    return Files.readAllLines(events).size();
  }

  private static long rows(List<LakeFile> files) {
    return files.stream().mapToLong(LakeFile::rows).sum();
  }
}
