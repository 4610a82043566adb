package io.millrace.runners.flink.faults;

import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Where in the topics the changes are, that is, all records but tombstones. */
final class TopicRecords implements AutoCloseable {
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final Map<TopicPartition, Long> from;
  private final Set<String> origins = new HashSet<>();

  /** Begins to read at these offsets, and partitions that come later at their beginning. */
  TopicRecords(String bootstrapServers, Map<TopicPartition, Long> from) {
    this.from = from;
    this.consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", bootstrapServers, "auto.offset.reset", "none"),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer());
    consumer.assign(from.keySet());
    from.forEach(consumer::seek);
  }

  /** Where it began. */
  long from(TopicPartition partition) {
    return from.getOrDefault(partition, 0L);
  }

  /** All up to these offsets, each as {@code topic-partition@offset}. */
  Set<String> upTo(Map<TopicPartition, Long> ends) throws Exception {
    Set<TopicPartition> later = new HashSet<>(ends.keySet());
    later.removeAll(consumer.assignment());
    consumer.assign(ends.keySet());
    later.forEach(partition -> consumer.seek(partition, 0));
    Await.until(
        "the topics' records",
        () -> {
          for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(100))) {
            if (record.value() != null) {
              origins.add(origin(record.topic(), record.partition(), record.offset()));
            }
          }
          return ends.entrySet().stream()
              .filter(end -> consumer.position(end.getKey()) < end.getValue())
              .map(Object::toString)
              .findAny();
        },
        () -> "");
    return origins;
  }

  static String origin(String topic, int partition, long offset) {
    return topic + "-" + partition + "@" + offset;
  }

  @Override
  public void close() {
    consumer.close();
  }
}
