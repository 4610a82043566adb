package io.millrace.testdata;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.StringDeserializer;

/** What is in Kafka's topics, as JSON. */
final class Topics {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** A record; a tombstone's value is null. */
  record Event(String topic, String key, JsonNode value) {
    String operation() {
      return value == null ? "tombstone" : value.path("op").asText();
    }

    long position() {
      return value.path("source").path("lsn").asLong();
    }
  }

  /** Reads until a record fits; fails after a minute. Records are in order for each topic. */
  static List<Event> readUntil(
      String bootstrapServers, Collection<String> topics, Predicate<Event> last) {
    List<Event> events = new ArrayList<>();
    try (KafkaConsumer<String, String> consumer = consumer(bootstrapServers)) {
      consumer.subscribe(topics);
      long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
      boolean found = false;
      while (!found && System.nanoTime() < deadline) {
        for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(200))) {
          Event event = event(record);
          events.add(event);
          found |= last.test(event);
        }
      }
      if (!found) {
        throw new AssertionError("did not arrive in a minute; there are " + events.size());
      }
      readRest(consumer, events);
    }
    return events;
  }

  /** Reads what is in the topics by now. */
  private static void readRest(KafkaConsumer<String, String> consumer, List<Event> events) {
    var ends = consumer.endOffsets(consumer.assignment());
    while (ends.entrySet().stream().anyMatch(e -> consumer.position(e.getKey()) < e.getValue())) {
      consumer.poll(Duration.ofMillis(200)).forEach(record -> events.add(event(record)));
    }
  }

  private static KafkaConsumer<String, String> consumer(String bootstrapServers) {
    Map<String, Object> settings = new HashMap<>();
    settings.put("bootstrap.servers", bootstrapServers);
    settings.put("group.id", "test-" + System.nanoTime());
    settings.put("auto.offset.reset", "earliest");
    settings.put("metadata.max.age.ms", "500");
    return new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer());
  }

  private static Event event(ConsumerRecord<String, String> record) {
    try {
      JsonNode value = record.value() == null ? null : JSON.readTree(record.value());
      return new Event(record.topic(), record.key(), value);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Topics() {}
}
