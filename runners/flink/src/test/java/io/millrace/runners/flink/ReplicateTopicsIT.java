package io.millrace.runners.flink;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;

import io.millrace.testdata.ChildProcess;
import io.millrace.testdata.ChildProcess.Lifetime;
import io.millrace.testdata.Database;
import io.millrace.testdata.LocalKafka;
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
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** The program itself, reading a topic without end, killed and stopped from outside. */
@DisabledIfSystemProperty(named = "shade.skip", matches = "true")
class ReplicateTopicsIT {
  private static final Path JAR = Path.of("target", "millrace-flink.jar");
  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final int TERMINATED = 143;
  private static final List<String> TABLES = List.of("accounts_live", "transfers_live");

  @TempDir Path directory;

  @Test
  void aRunThatIsKilledAndStartedAgainGivesTheRightRowsAndStopsWhenAsked() throws Exception {
    Path events = directory.resolve("events.jsonl");
    run(new GenerateCommand(), "--out=" + events, "--events=20000", "--keys=3000");
    List<String> lines = Files.readAllLines(events);
    try (LocalKafka kafka = LocalKafka.start();
        LocalPostgres postgres = LocalPostgres.start("warehouse")) {
      kafka.createTopics(2, List.of(Bank.TOPIC));
      Bank.produce(kafka, lines.subList(0, lines.size() / 2));

      ChildProcess first = replicate("first", kafka, postgres.database());
      Bank.await(first, LIMIT, () -> liveRows(postgres.database()) > 0);
      first.kill();

      Bank.produce(kafka, lines.subList(lines.size() / 2, lines.size()));
      ChildProcess second = replicate("second", kafka, postgres.database());
      int rows = Files.readAllLines(Path.of(events + ".answer.jsonl")).size() - TABLES.size();
      Bank.await(
          second,
          LIMIT,
          () -> liveRows(postgres.database()) == rows && isRight(events, postgres.database()));
      second.close();
      assertThat(second.exitCode(), is(TERMINATED));
      assertThat(
          Files.readString(second.log()),
          allOf(
              containsString("flink: flinkMaster=[local] objectReuse=true"),
              containsString("checkpointingInterval=10000"),
              containsString("replicate: stopped after")));
    }
  }

  private ChildProcess replicate(String name, LocalKafka kafka, Database warehouse) {
    return ChildProcess.start(
        name,
        directory,
        Lifetime.DETACHED,
        List.of(
            ChildProcess.java(),
            "-Xmx1g",
            "-jar",
            JAR.toString(),
            "replicate",
            "--kafkaBootstrapServers=" + kafka.bootstrapServers(),
            "--kafkaTopicPattern=ban.",
            "--contract=" + directory.resolve("events.jsonl.odcs.yaml"),
            "--warehouseUrl=" + warehouse.jdbcUrl(),
            "--warehouseUser=" + warehouse.user(),
            "--warehousePassword=env:WAREHOUSE_PASSWORD",
            "--deadLetters=" + directory.resolve("dead"),
            "--progressSeconds=1"),
        Map.of("WAREHOUSE_PASSWORD", warehouse.password()));
  }

  /** How many rows there are, as soon as all tables are there. */
  private static long liveRows(Database warehouse) throws SQLException {
    try (Connection connection = warehouse.connect();
        Statement statement = connection.createStatement()) {
      long count = 0;
      for (String table : TABLES) {
        ResultSet found = statement.executeQuery("SELECT to_regclass('" + table + "') IS NULL");
        found.next();
        if (found.getBoolean(1)) {
          return 0;
        }
        ResultSet rows = statement.executeQuery("SELECT count(*) FROM " + table);
        rows.next();
        count += rows.getLong(1);
      }
      return count;
    }
  }

  private boolean isRight(Path events, Database warehouse) throws IOException {
    Path password = Files.writeString(directory.resolve("password"), warehouse.password());
    return new picocli.CommandLine(new CheckCommand())
            .execute(
                "--answer=" + events + ".answer.jsonl",
                "--warehouseUrl=" + warehouse.jdbcUrl(),
                "--warehouseUser=" + warehouse.user(),
                "--warehousePassword=file:" + password)
        == 0;
  }

  private static void run(Callable<Integer> command, String... arguments) {
    assertThat(new picocli.CommandLine(command).execute(arguments), is(0));
  }
}
