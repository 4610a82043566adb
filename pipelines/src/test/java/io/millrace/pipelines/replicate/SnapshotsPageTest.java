package io.millrace.pipelines.replicate;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import io.millrace.pipelines.CommandLine;
import io.millrace.pipelines.TestRunner;
import io.millrace.pipelines.launch.ExitCode;
import io.millrace.testdata.Database;
import io.millrace.testdata.LocalPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The series of snapshots in {@code docs/snapshots.md} makes the history that stands there. */
class SnapshotsPageTest {
  private static LocalPostgres postgres;
  private static int databases;

  @TempDir Path directory;
  private final String page = read();

  @BeforeAll
  static void start() {
    postgres = LocalPostgres.start("snapshots");
  }

  @AfterAll
  static void stop() {
    postgres.close();
  }

  @ParameterizedTest
  @MethodSource("io.millrace.pipelines.TestRunner#all")
  void theSeriesMakesTheVersionsShown(TestRunner runner) throws Exception {
    assertThat(versions(runner, List.of(block("jsonl").lines().toList())), is(shown()));
  }

  @Test
  void soItDoesBackwardsShuffledAndWithAllRowsBeforeTheEnds() throws Exception {
    List<String> backwards = new ArrayList<>(block("jsonl").lines().toList());
    Collections.reverse(backwards);
    assertThat(versions(TestRunner.DIRECT, List.of(backwards)), is(shown()));
    List<String> shuffled = new ArrayList<>(backwards);
    Collections.shuffle(shuffled, new Random(7));
    assertThat(versions(TestRunner.DIRECT, List.of(shuffled)), is(shown()));
    List<List<String>> ends =
        List.of(
            backwards.stream().filter(line -> line.contains("\"read\"")).toList(),
            backwards.stream().filter(line -> line.contains("\"snapshot\"")).toList());
    assertThat(versions(TestRunner.DIRECT, ends), is(shown()));
  }

  /** The versions after one run for each list of lines, into an empty warehouse. */
  private List<String> versions(TestRunner runner, List<List<String>> runs) throws Exception {
    Database database = postgres.database("snapshots" + databases++);
    for (List<String> lines : runs) {
      CommandLine run =
          CommandLine.run(
              runner,
              "replicate",
              "--format=changes",
              "--input=" + Files.write(directory.resolve("exports.jsonl"), lines),
              "--contract=" + Files.writeString(directory.resolve("shop.yaml"), block("yaml")),
              "--history=true",
              "--warehouseUrl=" + database.jdbcUrl(),
              "--warehouseUser=" + database.user(),
              "--warehousePassword=file:"
                  + Files.writeString(directory.resolve("password"), database.password()),
              "--deadLetters=" + directory.resolve("dead"));
      assertThat(run.err(), run.exitCode(), is(ExitCode.OK));
    }
    return versions(database);
  }

  private List<String> versions(Database database) throws SQLException {
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      statement.execute("SET timezone = 'UTC'");
      List<String> versions = new ArrayList<>();
      try (ResultSet rows = statement.executeQuery(block("sql"))) {
        while (rows.next()) {
          List<String> cells = new ArrayList<>();
          for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
            cells.add(rows.getString(i) == null ? "" : rows.getString(i));
          }
          versions.add(String.join("|", cells));
        }
      }
      return versions;
    }
  }

  /** The rows of the page's table. */
  private List<String> shown() {
    return block("text")
        .lines()
        .skip(2)
        .map(line -> line.replaceAll(" *\\| *", "|").strip())
        .toList();
  }

  /** The first block of a language. */
  private String block(String language) {
    String fence = "\n```" + language + "\n";
    int start = page.indexOf(fence) + fence.length();
    return page.substring(start, page.indexOf("```", start));
  }

  private static String read() {
    try {
      return Files.readString(Path.of("..", "docs", "snapshots.md"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
