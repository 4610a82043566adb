package io.millrace.pipelines.detect;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;

import io.millrace.pipelines.CommandLine;
import io.millrace.pipelines.EventScene;
import io.millrace.pipelines.TestRunner;
import io.millrace.pipelines.launch.ExitCode;
import io.millrace.testdata.LocalKafka;
import io.millrace.testdata.LocalPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Alerts of {@code detect} in a topic of a real broker, beside those in a real PostgreSQL. */
@Timeout(180)
class AlertsTopicTest {
  private static LocalPostgres postgres;
  private static LocalKafka kafka;

  @TempDir Path directory;

  @BeforeAll
  static void start() {
    postgres = LocalPostgres.start("warehouse");
    kafka = LocalKafka.start();
  }

  @AfterAll
  static void stop() {
    kafka.close();
    postgres.close();
  }

  @ParameterizedTest
  @MethodSource("io.millrace.pipelines.TestRunner#all")
  void theTopicHasTheAlertsOfTheTableByTheirIds(TestRunner runner) throws Exception {
    String topic = "alerts_on_" + runner;
    kafka.createTopics(1, List.of(topic));
    EventScene scene = scene(topic);
    CommandLine run = detect(scene, runner, topic);
    assertThat(run.err(), run.exitCode(), is(ExitCode.OK));
    String row =
        scene
            .query(
                """
                SELECT concat_ws(' ', id, rule, card, event_ids) FROM payment_alerts_live
                """)
            .get(0);
    SortedMap<String, String> alerts = alerts(topic);
    String id = alerts.firstKey();
    assertThat(row, is(id + " one c [\"1\", \"2\"]"));
    assertThat(
        alerts.get(id),
        containsString(
            "{\"table\":\"risk.payment_alerts\",\"op\":\"upsert\",\"position\":1,\"key\":{\"id\":\""
                + id
                + "\"},\"after\":{\"id\":\""
                + id
                + "\",\"rule\":\"one\",\"card\":\"c\",\"first_at\":\"2026-05-01T00:00:00.000Z\","));

    assertThat(detect(scene, runner, topic).exitCode(), is(ExitCode.OK));
    assertThat("run again", alerts(topic), is(alerts));
    assertThat(LocalKafka.countRecords(kafka.bootstrapServers(), List.of(topic)), is(2L));
  }

  @Test
  void aTopicThatIsNotThereIsToldBeforeAnythingRuns() throws Exception {
    CommandLine run = detect(scene("absent"), TestRunner.DIRECT, "absent");
    assertThat(run.exitCode(), is(ExitCode.INPUT));
    assertThat(run.err(), containsString("absent"));
  }

  private EventScene scene(String name) throws Exception {
    EventScene scene = new EventScene(postgres, name, directory);
    scene.contract(Files.readString(Path.of("../docs/examples/payments.odcs.yaml")));
    scene.events(
        "{'id':'1','at':'2026-05-01T00:00:00Z','card':'c','amount':1,'status':'approved'}",
        "{'id':'2','at':'2026-05-01T00:00:01Z','card':'c','amount':1,'status':'approved'}");
    return scene;
  }

  private CommandLine detect(EventScene scene, TestRunner runner, String topic) throws Exception {
    Path rules =
        Files.writeString(
            directory.resolve("rules.yaml"),
            "rules: [{name: one, event: payments, key: card,"
                + " velocity: {moreThan: 1, within: PT1M}}]");
    Path properties =
        Files.writeString(directory.resolve("client.properties"), "compression.type=gzip\n");
    return scene.run(
        runner,
        "detect",
        "--rules=" + rules,
        "--resultsTopic=" + topic,
        "--resultsBootstrapServers=" + kafka.bootstrapServers(),
        "--resultsKafkaProperties=" + properties);
  }

  /** The last value of each key. */
  private static SortedMap<String, String> alerts(String topic) {
    SortedMap<String, String> alerts = new TreeMap<>();
    TopicPartition partition = new TopicPartition(topic, 0);
    try (KafkaConsumer<String, String> consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", kafka.bootstrapServers(), "auto.offset.reset", "earliest"),
            new StringDeserializer(),
            new StringDeserializer())) {
      consumer.assign(List.of(partition));
      long end = consumer.endOffsets(List.of(partition)).get(partition);
      while (consumer.position(partition) < end) {
        for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(100))) {
          alerts.put(record.key(), record.value());
        }
      }
    }
    return alerts;
  }
}
