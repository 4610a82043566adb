package io.millrace.pipelines.replicate;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.checkerframework.checker.nullness.qual.Nullable;

/** A topic's records as lines of a file, as the formats of messages take them. */
final class TopicLines {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  /**
   * Reads a topic of one partition up to its first record that holds a text.
   *
   * @throws AssertionError if there is none in a minute
   */
  static List<String> upTo(String text, String topic, String bootstrapServers) {
    List<String> lines = new ArrayList<>();
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", bootstrapServers, "auto.offset.reset", "earliest"),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      consumer.assign(List.of(new TopicPartition(topic, 0)));
      long deadline = System.nanoTime() + LIMIT.toNanos();
      while (System.nanoTime() < deadline) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(100))) {
          lines.add(line(record));
          if (json(record.value()).contains(text)) {
            return lines;
          }
        }
      }
    }
    throw new AssertionError("no record of " + topic + " holds " + text + ": " + lines);
  }

  private static String line(ConsumerRecord<byte[], byte[]> record) {
    return "{\"key\":%s,\"value\":%s,\"topic\":\"%s\",\"partition\":%d,\"offset\":%d}"
        .formatted(
            json(record.key()),
            json(record.value()),
            record.topic(),
            record.partition(),
            record.offset());
  }

  private static String json(byte @Nullable [] bytes) {
    return bytes == null ? "null" : new String(bytes, StandardCharsets.UTF_8);
  }

  private TopicLines() {}
}
