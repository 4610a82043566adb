package io.millrace.pipelines.layers;

import io.millrace.testdata.LocalKafka;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Topics of a broker: one of events, two of changes.
 *
 * @param prefix what their names begin with
 */
record Topics(LocalKafka kafka, String prefix) {
  private static final int PARTITIONS = 2;

  void create() {
    kafka.createTopics(1, List.of(events()));
    kafka.createTopics(PARTITIONS, List.of(orders(), customers()));
  }

  String bootstrapServers() {
    return kafka.bootstrapServers();
  }

  String events() {
    return prefix + ".purchases";
  }

  String orders() {
    return prefix + ".public.orders";
  }

  String customers() {
    return prefix + ".public.customers";
  }

  /** Both topics of changes, as options take them. */
  String changes() {
    return orders() + "," + customers();
  }

  /** How many records there are. */
  long records() {
    return LocalKafka.countRecords(bootstrapServers(), List.of(events(), orders(), customers()));
  }

  /** Sends records to a partition, in this order; single quotes stand for double ones. */
  void send(String topic, int partition, String... records) {
    try (KafkaProducer<String, String> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", bootstrapServers()),
            new StringSerializer(),
            new StringSerializer())) {
      for (String record : records) {
        var unused =
            producer.send(new ProducerRecord<>(topic, partition, null, record.replace('\'', '"')));
      }
    }
  }
}
