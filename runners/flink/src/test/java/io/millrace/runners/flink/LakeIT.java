package io.millrace.runners.flink;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;

import io.millrace.testdata.ChildProcess;
import io.millrace.testdata.ChildProcess.Lifetime;
import io.millrace.testdata.LocalKafka;
import io.millrace.testdata.events.GenerateCommand;
import io.millrace.transforms.lake.LakeFile;
import io.millrace.transforms.lake.LakeManifest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** The program itself, writing a lake, killed three times and each time just started again. */
@DisabledIfSystemProperty(named = "shade.skip", matches = "true")
class LakeIT {
  private static final Path JAR = Path.of("target", "millrace-flink.jar");
  private static final int KILLS = 3;

  /** More for a longer run: {@code -Dlake.events=5000000}. */
  private static final int EVENTS = Integer.getInteger("lake.events", 200_000);

  private static final Duration LIMIT = Duration.ofMinutes(3 + EVENTS / 1_000_000L);

  @TempDir Path directory;
  private Path events;
  private Path lake;

  @Test
  void everyChangeOfAFileIsInTheLakeOnce() throws Exception {
    generate(EVENTS);
    String[] options = {
      "--input=" + events, "--lakeFileMegabytes=" + Math.max(1, EVENTS / 100_000)
    };
    long rows = 0;
    for (int kill = 1; kill <= KILLS; kill++) {
      long before = rows;
      ChildProcess run = replicate("run" + kill, options);
      Bank.await(run, LIMIT, () -> rows() > before);
      run.kill();
      rows = rows();
    }
    assertThat("killed before the end", rows, greaterThan(0L));
    assertThat("something was left to do", count(false), greaterThan(rows));
    ChildProcess last = replicate("last", options);
    assertThat("ended in time", last.waitFor(LIMIT), is(true));
    assertThat(last.logEnd(), last.exitCode(), is(0));
    assertEachOnce();
  }

  @Test
  void everyChangeOfATopicIsInTheLakeOnceAlsoFromTheGroupsOffsets() throws Exception {
    generate(20_000);
    List<String> lines = Files.readAllLines(events);
    int quarter = lines.size() / (KILLS + 1);
    try (LocalKafka kafka = LocalKafka.start()) {
      kafka.createTopics(2, List.of(Bank.TOPIC));
      String[] options = {
        "--kafkaBootstrapServers=" + kafka.bootstrapServers(),
        "--kafkaTopics=" + Bank.TOPIC,
        "--kafkaGroup=lake",
        "--checkpointingInterval=200",
        "--lakeMaxAgeSeconds=2"
      };
      for (int kill = 0; kill < KILLS; kill++) {
        Bank.produce(kafka, lines.subList(kill * quarter, (kill + 1) * quarter));
        long before = rows();
        ChildProcess run = replicate("run" + kill, options);
        // What was read and checkpointed since the last commit is lost with the process.
        Bank.await(run, LIMIT, () -> rows() > before);
        run.kill();
      }
      Bank.produce(kafka, lines.subList(KILLS * quarter, lines.size()));
      ChildProcess last = replicate("last", options);
      long all = count(false);
      Bank.await(last, LIMIT, () -> rows() >= all);
      last.close();
    }
    assertEachOnce();
  }

  private void generate(int count) throws Exception {
    events = directory.resolve("events.jsonl");
    lake = directory.resolve("lake");
    assertThat(
        new picocli.CommandLine(new GenerateCommand())
            .execute("--out=" + events, "--events=" + count, "--keys=5000"),
        is(0));
  }

  private ChildProcess replicate(String name, String... options) {
    List<String> command =
        new ArrayList<>(
            List.of(
                ChildProcess.java(),
                "-Xmx1g",
                "-jar",
                JAR.toString(),
                "replicate",
                "--contract=" + events + ".odcs.yaml",
                "--lake=" + lake,
                "--deadLetters=" + directory.resolve("dead")));
    command.addAll(List.of(options));
    return ChildProcess.start(name, directory, Lifetime.DETACHED, command, Map.of());
  }

  /** How many changes the lake holds by now. */
  private long rows() {
    return LakeManifest.read(lake.toString()).files().stream().mapToLong(LakeFile::rows).sum();
  }

  private void assertEachOnce() throws SQLException {
    LakeManifest manifest = LakeManifest.read(lake.toString());
    assertThat(manifest.check(), is(empty()));
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement()) {
      statement.execute(manifest.duckDbViews());
      assertThat(
          "records",
          count(statement, "FROM accounts_log UNION ALL BY NAME FROM transfers_log"),
          is(count(false)));
      assertThat(
          "places in the log",
          count(
              statement,
              "SELECT DISTINCT _partition, _offset, _operation FROM"
                  + " (FROM accounts_log UNION ALL BY NAME FROM transfers_log)"),
          is(count(false)));
      assertThat(
          "changes",
          count(statement, "FROM accounts UNION ALL BY NAME FROM transfers"),
          is(count(true)));
    }
  }

  /**
   * How many changes the events are, as DuckDB sees them: a changed key is two of one record.
   *
   * @param once whether what stands in the log twice counts once
   */
  private long count(boolean once) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement()) {
      String select = once ? "SELECT DISTINCT line::VARCHAR" : "SELECT line";
      String all =
          select
              + " FROM read_csv('"
              + events
              + "', columns = {'line': 'JSON'}, delim = chr(1), quote = '', escape = '',"
              + " header = false)";
      return count(statement, all)
          + count(statement, all + " WHERE line->>'op' = 'u' AND line->>'before' IS NOT NULL");
    }
  }

  private static long count(Statement statement, String query) throws SQLException {
    try (ResultSet result = statement.executeQuery("SELECT count(*) FROM (" + query + ")")) {
      result.next();
      return result.getLong(1);
    }
  }
}
