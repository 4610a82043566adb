package io.millrace.transforms.landing;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.millrace.schemas.RecordBlock;
import io.millrace.testdata.LocalKafka;
import io.millrace.transforms.TestRunner;
import io.millrace.transforms.read.ReadTopics;
import io.millrace.transforms.read.SourceException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringSerializer;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.joda.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a real broker has, with all that records can have. */
@Timeout(120)
class LandTopicsTest {
  private static LocalKafka kafka;

  @TempDir Path directory;

  @BeforeAll
  static void startKafka() {
    kafka = LocalKafka.start();
  }

  @AfterAll
  static void stopKafka() {
    kafka.close();
  }

  @ParameterizedTest
  @EnumSource(names = {"DIRECT", "FLINK_STREAMING"})
  void recordsAreLandedAsTheyWereSent(TestRunner runner) throws Exception {
    String topic = "sent-" + runner;
    create(topic, Map.of());
    ProducerRecord<String, String> plain = record(topic, 1_000, "k", "v");
    ProducerRecord<String, String> tombstone = record(topic, 2_000, "k", null);
    ProducerRecord<String, String> keyless = record(topic, 3_000, null, "");
    keyless.headers().add("trace", "é".getBytes(StandardCharsets.UTF_8)).add("trace", null);
    send(Map.of(), plain, tombstone);
    sendInTransaction(topic, false, record(topic, 4_000, "rolled", "back"));
    sendInTransaction(topic, true, keyless);
    PipelineResult result = land(runner, topic);
    // Two records, one rolled back and its marker, one committed and its marker.
    await(topic, 6);
    send(Map.of(), record(topic, 5_000, "late", "one"));
    await(topic, 7);
    result.cancel();
    assertThat(
        landed(topic),
        is(
            List.of(
                "0 6b=76 CREATE1000 []",
                "1 6b=- CREATE2000 []",
                "4 -= CREATE3000 [trace=c3a9, trace=null]",
                "6 6c617465=6f6e65 CREATE5000 []")));
    assertThat(LandingCheck.run(landing(), file -> {}).problems(), is(empty()));
  }

  @Test
  void timestampsOfTheBrokerAreTold() throws Exception {
    create("stamped", Map.of("message.timestamp.type", "LogAppendTime"));
    send(Map.of(), record("stamped", 1_000, "k", "v"));
    PipelineResult result = land(TestRunner.DIRECT, "stamped");
    await("stamped", 1);
    result.cancel();
    assertThat(landed("stamped").get(0), containsString("0 6b=76 LOG_APPEND1"));
  }

  @Test
  void theNextRunReadsOnWhereTheLandingEnds() throws Exception {
    create("resumed", Map.of());
    send(Map.of(), record("resumed", 1_000, "a", "1"), record("resumed", 1_000, "b", "2"));
    PipelineResult first = land(TestRunner.DIRECT, "resumed");
    await("resumed", 2);
    first.cancel();
    // What it does not need any more may be gone.
    deleteBefore("resumed", 2);
    send(Map.of(), record("resumed", 1_000, "c", "3"));
    PipelineResult second = land(TestRunner.DIRECT, "resumed");
    await("resumed", 3);
    second.cancel();
    assertThat(landed("resumed").size(), is(3));
  }

  @Test
  void recordsThatWereDeletedBeforeTheyWereLandedFailTheRun() throws Exception {
    create("expired", Map.of());
    send(Map.of(), record("expired", 1_000, "a", "1"));
    PipelineResult first = land(TestRunner.DIRECT, "expired");
    await("expired", 1);
    first.cancel();
    send(Map.of(), record("expired", 1_000, "b", "2"), record("expired", 1_000, "c", "3"));
    deleteBefore("expired", 2);
    PipelineResult second = land(TestRunner.DIRECT, "expired");
    RuntimeException failure = assertThrows(RuntimeException.class, second::waitUntilFinish);
    Throwable cause = failure;
    while (!(cause instanceof SourceException)) {
      cause = cause.getCause();
    }
    assertThat(
        cause.getMessage(),
        allOf(
            containsString("offset 1 is next, the earliest left is 2"),
            containsString("Take another directory.")));
  }

  @Test
  void whereTheLandingEndsCountsAndNotWhatTheGroupCommitted() throws Exception {
    create("grouped", Map.of());
    send(
        Map.of(),
        record("grouped", 1_000, "a", "1"),
        record("grouped", 1_000, "b", "2"),
        record("grouped", 1_000, "c", "3"));
    try (Admin admin = admin()) {
      admin
          .alterConsumerGroupOffsets(
              "behind", Map.of(new TopicPartition("grouped", 0), new OffsetAndMetadata(1)))
          .all()
          .get();
    }
    deleteBefore("grouped", 2);
    ReadTopics.Records read =
        ReadTopics.from(kafka.bootstrapServers()).topics(List.of("grouped")).withGroup("behind");
    assertThrows(SourceException.class, read::check);
    assertThat(
        read.withResumption(Map.of("grouped", Map.of(0, 2L))).check(), is(List.of("grouped")));
    SourceException gone =
        assertThrows(
            SourceException.class,
            read.withResumption(Map.of("grouped", Map.of(0, 0L))).withRemedy("So what.")::check);
    assertThat(
        gone.getMessage(),
        allOf(
            containsString("offset 0 is next, the earliest left is 2"),
            containsString("So what.")));
  }

  private PipelineResult land(TestRunner runner, String topic) {
    Pipeline pipeline = Pipeline.create(runner.unattended());
    pipeline
        .apply(
            ReadTopics.from(kafka.bootstrapServers())
                .topics(List.of(topic))
                .withHeaders()
                .withResumption(Landing.at(landing()).ends())
                .withRemedy("Take another directory."))
        .apply(WriteLanding.to(landing()).withMaxAge(Duration.millis(100)));
    return pipeline.run();
  }

  private void await(String topic, long end) {
    while (Landing.at(landing()).ends().getOrDefault(topic, Map.of()).getOrDefault(0, 0L) < end) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
    }
  }

  private List<String> landed(String topic) {
    List<String> texts = new ArrayList<>();
    for (LandedFile file : Landing.at(landing()).files(topic, 0)) {
      for (RecordBlock block : TestLog.read(landing(), file, file.from(), true)) {
        texts.addAll(TestLog.texts(block));
      }
    }
    return texts;
  }

  private String landing() {
    return directory.resolve("landing").toString();
  }

  private static ProducerRecord<String, String> record(
      String topic, long timestamp, @Nullable String key, @Nullable String value) {
    return new ProducerRecord<>(topic, 0, timestamp, key, value);
  }

  private static void create(String topic, Map<String, String> config) throws Exception {
    try (Admin admin = admin()) {
      admin.createTopics(List.of(new NewTopic(topic, 1, (short) 1).configs(config))).all().get();
    }
  }

  private static void deleteBefore(String topic, long offset) throws Exception {
    try (Admin admin = admin()) {
      admin
          .deleteRecords(Map.of(new TopicPartition(topic, 0), RecordsToDelete.beforeOffset(offset)))
          .all()
          .get();
    }
  }

  private static Admin admin() {
    return Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()));
  }

  @SafeVarargs
  private static void send(Map<String, Object> more, ProducerRecord<String, String>... records)
      throws Exception {
    try (KafkaProducer<String, String> producer = producer(more)) {
      for (ProducerRecord<String, String> record : records) {
        producer.send(record).get();
      }
    }
  }

  private static void sendInTransaction(
      String id, boolean commit, ProducerRecord<String, String> record) throws Exception {
    try (KafkaProducer<String, String> producer =
        producer(Map.of(ProducerConfig.TRANSACTIONAL_ID_CONFIG, id))) {
      producer.initTransactions();
      producer.beginTransaction();
      producer.send(record).get();
      if (commit) {
        producer.commitTransaction();
      } else {
        producer.abortTransaction();
      }
    }
  }

  private static KafkaProducer<String, String> producer(Map<String, Object> more) {
    Map<String, Object> properties = new HashMap<>(more);
    properties.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, kafka.bootstrapServers());
    return new KafkaProducer<>(properties, new StringSerializer(), new StringSerializer());
  }
}
