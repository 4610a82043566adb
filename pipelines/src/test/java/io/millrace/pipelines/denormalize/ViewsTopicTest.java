package io.millrace.pipelines.denormalize;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;

import io.millrace.pipelines.CommandLine;
import io.millrace.pipelines.EventScene;
import io.millrace.pipelines.TestRunner;
import io.millrace.pipelines.launch.ExitCode;
import io.millrace.testdata.LocalKafka;
import io.millrace.testdata.LocalPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Rows of views in a topic of a real broker, and what {@code replicate} makes of them elsewhere.
 */
@Timeout(240)
class ViewsTopicTest {
  private static final String CONTRACT =
      """
      apiVersion: v3.0.2
      kind: DataContract
      id: shop
      version: 1.0.0
      status: active
      schema:
        - name: orders
          physicalName: public.orders
          properties:
            - {name: id, physicalType: bigint, primaryKey: true}
            - {name: customer_id, physicalType: bigint}
        - name: customers
          physicalName: public.customers
          properties:
            - {name: id, physicalType: bigint, primaryKey: true}
            - {name: name, physicalType: text}
        - name: wide
          physicalName: gold.wide
          customProperties:
            - {property: kind, value: view}
            - property: query
              value: >-
                SELECT o.id, c.name FROM orders o JOIN customers c ON c.id = o.customer_id
          properties:
            - {name: id, physicalType: bigint, primaryKey: true}
            - {name: name, physicalType: text}
      """;
  private static final String ROWS = "SELECT concat_ws(' ', id, name) FROM wide_live ORDER BY id";

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
  void replicateKeepsTheSameViewElsewhere(TestRunner runner) throws Exception {
    kafka.createTopics(1, List.of(runner + ".wide"));
    EventScene scene = scene("views_" + runner, CONTRACT);
    scene.events(customer(1, 10, "Ada"), order(2, 1, 10), order(3, 2, 10), order(4, 3, 10));
    denormalize(scene, runner);
    assertThat(scene.query(ROWS), contains("1 Ada", "2 Ada", "3 Ada"));
    assertThat(copyOf(records(runner + ".wide"), runner + "_1"), is(scene.query(ROWS)));

    // What the second build does not make is gone; nothing says so of the row itself.
    scene.events(customer(1, 10, "Eve"), order(2, 1, 10), order(4, 3, 10), delete(5, 3));
    denormalize(scene, runner);
    assertThat(scene.query(ROWS), contains("1 Eve"));
    List<ConsumerRecord<String, String>> records = records(runner + ".wide");
    assertThat(copyOf(records, runner + "_2"), contains("1 Eve"));
    assertThat(
        "a compacted topic takes them",
        records.stream().map(ConsumerRecord::key).toList(),
        everyItem(not(nullValue())));
  }

  private void denormalize(EventScene scene, TestRunner runner) {
    CommandLine run =
        scene.run(
            runner,
            "denormalize",
            "--format=changes",
            "--resultsTopic=" + runner + ".{table}",
            "--resultsBootstrapServers=" + kafka.bootstrapServers());
    assertThat(run.err(), run.exitCode(), is(ExitCode.OK));
  }

  /** The view as {@code replicate} keeps it of these records, in any order. */
  private List<String> copyOf(List<ConsumerRecord<String, String>> records, String name)
      throws Exception {
    EventScene copy =
        scene("copy_" + name, CONTRACT.replace("      - {property: kind, value: view}\n", ""));
    List<String> changes = new ArrayList<>(records.stream().map(ConsumerRecord::value).toList());
    Collections.shuffle(changes, new Random(5));
    copy.events(changes.toArray(String[]::new));
    CommandLine run = copy.run(TestRunner.DIRECT, "replicate", "--format=changes");
    assertThat(run.err(), run.exitCode(), is(ExitCode.OK));
    return copy.query(ROWS);
  }

  private static List<ConsumerRecord<String, String>> records(String topic) {
    List<ConsumerRecord<String, String>> records = new ArrayList<>();
    TopicPartition partition = new TopicPartition(topic, 0);
    try (KafkaConsumer<String, String> consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", kafka.bootstrapServers(), "auto.offset.reset", "earliest"),
            new StringDeserializer(),
            new StringDeserializer())) {
      consumer.assign(List.of(partition));
      long end = consumer.endOffsets(List.of(partition)).get(partition);
      while (consumer.position(partition) < end) {
        consumer.poll(Duration.ofMillis(100)).forEach(records::add);
      }
    }
    return records;
  }

  private EventScene scene(String name, String contract) throws Exception {
    EventScene scene =
        new EventScene(postgres, name, Files.createDirectories(directory.resolve(name)));
    scene.contract(contract);
    return scene;
  }

  private static String order(int position, int id, int customer) {
    return ("{'table':'public.orders','op':'upsert','position':%d,'key':{'id':%d},"
            + "'after':{'id':%d,'customer_id':%d}}")
        .formatted(position, id, id, customer);
  }

  private static String delete(int position, int id) {
    return "{'table':'public.orders','op':'delete','position':%d,'key':{'id':%d}}"
        .formatted(position, id);
  }

  private static String customer(int position, int id, String name) {
    return ("{'table':'public.customers','op':'upsert','position':%d,'key':{'id':%d},"
            + "'after':{'id':%d,'name':'%s'}}")
        .formatted(position, id, id, name);
  }
}
