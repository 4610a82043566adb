package io.millrace.runners.flink;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;

import io.millrace.testdata.ChildProcess;
import io.millrace.testdata.ChildProcess.Lifetime;
import io.millrace.testdata.LocalKafka;
import io.millrace.transforms.landing.LandedFile;
import io.millrace.transforms.landing.Landing;
import java.nio.ByteBuffer;
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
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** The program itself, landing topics, killed three times and each time just started again. */
@DisabledIfSystemProperty(named = "shade.skip", matches = "true")
class ArchiveIT {
  private static final Path JAR = Path.of("target", "millrace-flink.jar");
  private static final int KILLS = 3;
  private static final int PARTITIONS = 2;
  private static final List<String> TOPICS = List.of("orders", "payments");

  /** More for a longer run: {@code -Dlanding.events=5000000}. */
  private static final int EVENTS = Integer.getInteger("landing.events", 100_000);

  private static final Duration LIMIT = Duration.ofMinutes(3 + EVENTS / 500_000L);

  @TempDir Path directory;
  private Path landing;

  @Test
  void everyOffsetOfEveryPartitionIsLandedOnce() throws Exception {
    landing = directory.resolve("landing");
    try (LocalKafka kafka = LocalKafka.start()) {
      kafka.createTopics(PARTITIONS, TOPICS);
      int quarter = EVENTS / (KILLS + 1);
      for (int kill = 0; kill < KILLS; kill++) {
        produce(kafka, kill * quarter, (kill + 1) * quarter);
        long before = records();
        ChildProcess run = archive("run" + kill, kafka);
        Bank.await(run, LIMIT, () -> records() > before);
        run.kill();
      }
      produce(kafka, KILLS * quarter, EVENTS);
      ChildProcess last = archive("last", kafka);
      Bank.await(last, LIMIT, () -> records() >= EVENTS);
      last.close();
      assertVerified(0);
      assertEachOnce();
      assertVerified(0, "--compact");
      assertEachOnce();
    }
    Files.delete(Path.of(locate()));
    assertVerified(1);
  }

  /** Sends events that tell their number, spread over topics and partitions. */
  private static void produce(LocalKafka kafka, int from, int to) {
    Map<String, Object> settings =
        Map.of(
            ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
            kafka.bootstrapServers(),
            ProducerConfig.LINGER_MS_CONFIG,
            20);
    byte[] padding = new byte[100];
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
      for (int event = from; event < to; event++) {
        byte[] value = ByteBuffer.allocate(104).putInt(event).put(padding).array();
        String topic = TOPICS.get(event % TOPICS.size());
        int partition = event / TOPICS.size() % PARTITIONS;
        var unused = producer.send(new ProducerRecord<>(topic, partition, null, value));
      }
    }
  }

  private ChildProcess archive(String name, LocalKafka kafka) {
    return start(
        name,
        "--kafkaBootstrapServers=" + kafka.bootstrapServers(),
        "--kafkaTopics=" + String.join(",", TOPICS),
        "--kafkaGroup=archive",
        "--checkpointingInterval=200",
        "--landingBlockOffsets=" + Math.max(1_000, EVENTS / 50),
        "--landingMaxAgeSeconds=1");
  }

  private ChildProcess verify(String... more) throws Exception {
    List<String> options = new ArrayList<>(List.of("--verify"));
    options.addAll(List.of(more));
    ChildProcess run = start("verify", options.toArray(new String[0]));
    assertThat("ended in time", run.waitFor(LIMIT), is(true));
    return run;
  }

  private ChildProcess start(String name, String... options) {
    List<String> command =
        new ArrayList<>(
            List.of(
                ChildProcess.java(),
                "-Xmx1g",
                "-jar",
                JAR.toString(),
                "archive",
                "--landing=" + landing));
    command.addAll(List.of(options));
    return ChildProcess.start(name, directory, Lifetime.DETACHED, command, Map.of());
  }

  private void assertVerified(int exitCode, String... more) throws Exception {
    ChildProcess verify = verify(more);
    assertThat(verify.logEnd(), verify.exitCode(), is(exitCode));
    assertThat(
        Files.readString(verify.output()),
        containsString(exitCode == 0 ? "nothing is wrong" : " is missing"));
  }

  /** How many records are landed by now. */
  private long records() {
    return Landing.at(landing.toString()).files().stream().mapToLong(LandedFile::records).sum();
  }

  private String locate() {
    Landing landed = Landing.at(landing.toString());
    return landed.locate(landed.files().get(0));
  }

  private void assertEachOnce() throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement()) {
      statement.execute(Landing.at(landing.toString()).duckDbViews());
      String all = "(FROM orders UNION ALL FROM payments)";
      assertThat(count(statement, "FROM " + all), is((long) EVENTS));
      assertThat(
          "places",
          count(statement, "SELECT DISTINCT topic, partition, \"offset\" FROM " + all),
          is((long) EVENTS));
      assertThat(
          "events", count(statement, "SELECT DISTINCT value FROM " + all), is((long) EVENTS));
      assertThat(count(statement, "FROM orders"), greaterThan(0L));
    }
  }

  private static long count(Statement statement, String query) throws SQLException {
    try (ResultSet result = statement.executeQuery("SELECT count(*) FROM (" + query + ")")) {
      result.next();
      return result.getLong(1);
    }
  }
}
