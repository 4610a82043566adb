package io.millrace.runners.flink.faults;

import io.millrace.transforms.quality.DeadLetter;
import io.millrace.transforms.quality.DeadLetters;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Records in a topic that no source sent, and the dead letters that come of them. */
final class PoisonedRecords {
  private static final String TOPIC = "shop.public.customers";
  private static final int HUGE = 9_000_000;
  private static final byte[] KEY = "{\"id\":900000001}".getBytes(StandardCharsets.UTF_8);

  /** An event as Debezium sends it, but for a name and a balance. */
  private static final String EVENT =
      """
      {"before":null,"after":{"id":900000001,"email":"a@example.com","name":"%s","tier":"gold",\
      "born":null,"balance":"%s","active":true,"preferences":null,\
      "registered_at":"2026-01-01T00:00:00Z"},"source":{"version":"3.6.1.Final",\
      "connector":"postgresql","name":"shop","ts_ms":1767225600000,"snapshot":"false","db":"shop",\
      "sequence":"[\\"10\\",\\"20\\"]","ts_us":1767225600000000,"schema":"public",\
      "table":"customers","txId":1,"lsn":20,"xmin":null},"transaction":null,"op":"c",\
      "ts_ms":1767225600000}""";

  /** Sends them; answers where they are, in the form of an origin's text. */
  static List<String> send(String bootstrapServers) throws Exception {
    Map<String, Object> settings =
        Map.of(
            ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
            bootstrapServers,
            ProducerConfig.MAX_REQUEST_SIZE_CONFIG,
            10_000_000);
    List<String> sent = new ArrayList<>();
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
      for (byte[] value : values()) {
        sent.add(send(producer, KEY, value));
        sent.add(send(producer, null, value));
      }
      // Neither key nor value: a tombstone of nothing, and no dead letter.
      send(producer, null, null);
    }
    return sent;
  }

  private static List<byte[]> values() {
    return List.of(
        new byte[] {(byte) 0xff, 0, (byte) 0xc3, 0x28},
        "{\"before\":null,\"after\":{\"id\":".getBytes(StandardCharsets.UTF_8),
        EVENT.formatted("Ada", "1e30").getBytes(StandardCharsets.UTF_8),
        EVENT.formatted("x".repeat(HUGE), "1.00").getBytes(StandardCharsets.UTF_8));
  }

  private static String send(KafkaProducer<byte[], byte[]> producer, byte[] key, byte[] value)
      throws Exception {
    RecordMetadata at =
        producer.send(new ProducerRecord<>(TOPIC, key, value)).get(30, TimeUnit.SECONDS);
    return TopicRecords.origin(at.topic(), at.partition(), at.offset());
  }

  /** Where the records of all dead letters came from, as often as they are there. */
  static List<String> deadLetters(Path directory) throws IOException {
    List<String> origins = new ArrayList<>();
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        for (String line : Files.readAllLines(file)) {
          DeadLetter letter = DeadLetters.parse(line);
          origins.add(
              TopicRecords.origin(
                  letter.origin().source(), letter.origin().partition(), letter.origin().offset()));
        }
      }
    }
    return origins;
  }

  private PoisonedRecords() {}
}
