package io.millrace.runners.flink;

import io.millrace.testdata.ChildProcess;
import io.millrace.testdata.ChildProcess.Lifetime;
import io.millrace.testdata.Database;
import io.millrace.testdata.LocalKafka;
import io.millrace.testdata.sales.SaleEvent;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;

/** The program itself with a pipeline of business events, each run in a JVM of its own. */
final class EventProgram {
  static final Duration LIMIT = Duration.ofSeconds(100);

  private static final Path JAR = Path.of("target", "millrace-flink.jar");

  private final Path directory;
  private final Database warehouse;
  private int runs;

  /** A program that writes to this warehouse. */
  EventProgram(Path directory, Database warehouse) {
    this.directory = directory;
    this.warehouse = warehouse;
  }

  /** Starts it; it takes checkpoints so often that a kill comes between two. */
  ChildProcess start(String pipeline, List<String> options) {
    List<String> command = new ArrayList<>();
    command.addAll(
        List.of(ChildProcess.java(), "-Xmx1g", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    // One that is killed leaves its checkpoints there.
    command.add("-Djava.io.tmpdir=" + directory);
    command.addAll(List.of("-jar", JAR.toString(), pipeline));
    command.addAll(options);
    command.add("--warehouseUrl=" + warehouse.jdbcUrl());
    command.add("--warehouseUser=" + warehouse.user());
    command.add("--warehousePassword=env:WAREHOUSE_PASSWORD");
    command.add("--deadLetters=" + directory.resolve("dead"));
    return ChildProcess.start(
        pipeline + "-" + runs++,
        directory,
        Lifetime.DETACHED,
        command,
        Map.of("WAREHOUSE_PASSWORD", warehouse.password()));
  }

  /** Starts it without end, on topics whose idle partitions hold nothing for long. */
  ChildProcess start(String pipeline, LocalKafka kafka, String topic, List<String> options) {
    List<String> all = new ArrayList<>(options);
    all.add("--kafkaBootstrapServers=" + kafka.bootstrapServers());
    all.add("--kafkaTopics=" + topic);
    all.add("--idleWait=1");
    all.add("--checkpointingInterval=500");
    return start(pipeline, all);
  }

  /** Sends events to their topics, in this order; they are there when this returns. */
  static void produce(LocalKafka kafka, List<SaleEvent> events) {
    try (KafkaProducer<String, String> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", kafka.bootstrapServers()),
            new StringSerializer(),
            new StringSerializer())) {
      for (SaleEvent event : events) {
        var unused =
            producer.send(new ProducerRecord<>(event.kind().topic(), event.key(), event.json()));
      }
    }
  }

  /** Waits for what can be seen; fails at once if the program ends. */
  static void await(ChildProcess program, Callable<Boolean> condition) throws Exception {
    Bank.await(program, LIMIT, condition);
  }

  /** The first column of what a query gives; nothing as long as its tables are not there. */
  List<String> query(String sql) throws SQLException {
    List<String> rows = new ArrayList<>();
    try (Connection connection = warehouse.connect();
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      while (result.next()) {
        rows.add(result.getString(1));
      }
    } catch (SQLException e) {
      if (!"42P01".equals(e.getSQLState())) {
        throw e;
      }
    }
    return rows;
  }

  void execute(String sql) throws SQLException {
    try (Connection connection = warehouse.connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
