package io.millrace.transforms.read;

import io.millrace.testdata.LocalKafka;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringSerializer;
import org.checkerframework.checker.nullness.qual.Nullable;

/** A topic of a test's own, on a real broker. */
final class TestTopic {
  private final String bootstrapServers;
  private final String name;

  private TestTopic(String bootstrapServers, String name) {
    this.bootstrapServers = bootstrapServers;
    this.name = name;
  }

  static TestTopic create(LocalKafka kafka, String name, int partitions) {
    kafka.createTopics(partitions, List.of(name));
    return new TestTopic(kafka.bootstrapServers(), name);
  }

  String name() {
    return name;
  }

  /** A transform that reads this topic. */
  ReadTopics.Records read() {
    return ReadTopics.from(bootstrapServers).topics(List.of(name));
  }

  /** A record to be sent. */
  ProducerRecord<String, String> record(
      int partition, @Nullable Long timestamp, @Nullable String key, @Nullable String value) {
    return new ProducerRecord<>(name, partition, timestamp, key, value);
  }

  /** Sends {@code count} records to each partition and answers how they will be read. */
  List<String> fill(int partitions, int count) {
    List<ProducerRecord<String, String>> records = new ArrayList<>();
    List<String> texts = new ArrayList<>();
    for (int offset = 0; offset < count; offset++) {
      for (int partition = 0; partition < partitions; partition++) {
        String key = offset % 3 == 0 ? null : "key" + offset;
        String value = offset % 7 == 0 ? null : offset + " ".repeat(500);
        records.add(record(partition, null, key, value));
        texts.add(
            String.format(
                "%s-%d@%d %s=%s",
                name, partition, offset, key == null ? "-" : key, value == null ? "-" : value));
      }
    }
    send(records);
    return texts;
  }

  void send(List<ProducerRecord<String, String>> records) {
    try (KafkaProducer<String, String> producer = producer(Map.of())) {
      send(producer, records);
    }
  }

  /** Sends records in a transaction, and commits it or rolls it back. */
  void sendInTransaction(boolean commit, List<ProducerRecord<String, String>> records) {
    try (KafkaProducer<String, String> producer =
        producer(Map.of(ProducerConfig.TRANSACTIONAL_ID_CONFIG, name))) {
      producer.initTransactions();
      producer.beginTransaction();
      send(producer, records);
      if (commit) {
        producer.commitTransaction();
      } else {
        producer.abortTransaction();
      }
    }
  }

  /** Deletes a partition's records before an offset, as retention does. */
  void deleteBefore(int partition, long offset) {
    try (Admin admin = admin()) {
      await(
          admin
              .deleteRecords(
                  Map.of(new TopicPartition(name, partition), RecordsToDelete.beforeOffset(offset)))
              .all());
    }
  }

  /** The offset that a group committed. */
  long committed(String group, int partition) {
    try (Admin admin = admin()) {
      return await(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata())
          .get(new TopicPartition(name, partition))
          .offset();
    }
  }

  private Admin admin() {
    return Admin.create(Map.of("bootstrap.servers", bootstrapServers));
  }

  private static void send(
      KafkaProducer<String, String> producer, List<ProducerRecord<String, String>> records) {
    List<Future<RecordMetadata>> sent = new ArrayList<>();
    records.forEach(record -> sent.add(producer.send(record)));
    sent.forEach(TestTopic::await);
  }

  private KafkaProducer<String, String> producer(Map<String, Object> more) {
    Map<String, Object> properties = new HashMap<>(more);
    properties.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
    return new KafkaProducer<>(properties, new StringSerializer(), new StringSerializer());
  }

  private static <T> T await(Future<T> future) {
    try {
      return future.get();
    } catch (ExecutionException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
