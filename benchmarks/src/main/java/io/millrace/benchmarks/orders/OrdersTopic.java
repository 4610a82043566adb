package io.millrace.benchmarks.orders;

import io.millrace.benchmarks.harness.Request;
import io.millrace.benchmarks.harness.Scene;
import io.millrace.benchmarks.harness.Settings;
import io.millrace.testdata.ChildProcess.Lifetime;
import io.millrace.testdata.LocalKafka;
import io.millrace.testdata.ServiceProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** The events in a topic of two partitions, by key, lz4-compressed, of a broker of its own. */
public final class OrdersTopic implements Scene {
  /** Never one of an earlier run, whose broker's files may be there. */
  private final String topic = "shop.public.orders." + System.currentTimeMillis();

  private static final int PARTITIONS = 2;

  private final ServiceProcess broker;
  private final String bootstrapServers;
  private final OrderChanges changes;
  private final long events;
  private long bytes;

  /** Starts the broker and fills the topic. */
  public static OrdersTopic fill(Request request) throws IOException {
    request.progress().accept("starting Kafka");
    ServiceProcess broker =
        ServiceProcess.kafka("kafka", request.directory().resolve("kafka"), Lifetime.PARENT);
    try {
      OrdersTopic topic = new OrdersTopic(broker, request.events());
      request
          .progress()
          .accept(String.format(Locale.ROOT, "producing %,d events", request.events()));
      topic.produce();
      return topic;
    } catch (IOException | RuntimeException e) {
      broker.close();
      throw e;
    }
  }

  private OrdersTopic(ServiceProcess broker, long events) {
    this.broker = broker;
    this.bootstrapServers = broker.awaitBootstrapServers();
    this.events = events;
    this.changes = new OrderChanges(events);
  }

  private void produce() throws IOException {
    LocalKafka.createTopics(bootstrapServers, PARTITIONS, List.of(topic));
    AtomicReference<Exception> failure = new AtomicReference<>();
    Map<String, Object> config =
        Map.of(
            ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
            bootstrapServers,
            ProducerConfig.COMPRESSION_TYPE_CONFIG,
            "lz4",
            ProducerConfig.LINGER_MS_CONFIG,
            50,
            ProducerConfig.BATCH_SIZE_CONFIG,
            128 << 10);
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer())) {
      changes.generate(
          (id, value) -> {
            byte[] key = ("{\"id\":" + id + "}").getBytes(StandardCharsets.UTF_8);
            bytes += value.length;
            // The callback is told of failures; what the future says too.
            Future<?> unused =
                producer.send(
                    new ProducerRecord<>(topic, key, value),
                    (metadata, error) -> failure.compareAndSet(null, error));
          });
    }
    if (failure.get() != null) {
      throw new IOException("Kafka did not take the events: " + failure.get().getMessage());
    }
  }

  @Override
  public Settings settings() {
    return Settings.none()
        .with("bootstrapServers", bootstrapServers)
        .with("topic", topic)
        .with("events", events);
  }

  @Override
  public String answer(String contest) {
    return changes.answer();
  }

  @Override
  public List<String> notes() {
    return List.of(
        String.format(
            Locale.ROOT,
            "%,d events of %,d bytes on average, in a topic of %d partitions, lz4; up to %,d keys",
            events,
            bytes / events,
            PARTITIONS,
            OrderChanges.keys(events)),
        "the broker is a process of its own, and its CPU is not counted");
  }

  @Override
  public void close() {
    broker.close();
  }
}
