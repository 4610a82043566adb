package io.millrace.benchmarks.sales;

import io.millrace.benchmarks.harness.Request;
import io.millrace.benchmarks.harness.Scene;
import io.millrace.benchmarks.harness.Settings;
import io.millrace.testdata.ChildProcess.Lifetime;
import io.millrace.testdata.ServiceProcess;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Sales and prices in two topics of two partitions each, by product, of a broker of its own. A
 * record has the time of what it tells as its timestamp, and the product as its key (a long,
 * big-endian, as all numbers are). A sale's value is its id (long), customer (long) and quantity
 * (int), a price's its number (long) and cents (long).
 *
 * <p>Each partition ends with a record that is a minute later and has the id or the number -1: time
 * moves on there, so that all that is before it can come out.
 */
public final class SalesTopics implements Scene {
  private static final int PARTITIONS = 2;
  private static final long A_MINUTE = 60_000;

  private final ServiceProcess broker;
  private final String bootstrapServers;
  private final Sales sales;
  private final long events;

  /** Never those of an earlier run, whose broker's files may be there. */
  private final String name = "sales." + System.currentTimeMillis();

  /** Starts the broker and fills the topics. */
  public static SalesTopics fill(Request request) throws IOException {
    request.progress().accept("starting Kafka");
    ServiceProcess broker =
        ServiceProcess.kafka("kafka", request.directory().resolve("kafka"), Lifetime.PARENT);
    try {
      SalesTopics topics = new SalesTopics(broker, request.events());
      request
          .progress()
          .accept(String.format(Locale.ROOT, "producing %,d sales", request.events()));
      topics.create();
      topics.produce();
      return topics;
    } catch (IOException | RuntimeException e) {
      broker.close();
      throw e;
    }
  }

  private SalesTopics(ServiceProcess broker, long events) {
    this.broker = broker;
    this.bootstrapServers = broker.awaitBootstrapServers();
    this.events = events;
    this.sales = new Sales(events);
  }

  /** Creates the topics so that nothing is deleted for its age. */
  private void create() throws IOException {
    Map<String, String> config = Map.of(TopicConfig.RETENTION_MS_CONFIG, "-1");
    try (Admin admin =
        Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers))) {
      admin
          .createTopics(
              List.of(
                  new NewTopic(name, PARTITIONS, (short) 1).configs(config),
                  new NewTopic(prices(), PARTITIONS, (short) 1).configs(config)))
          .all()
          .get();
    } catch (ExecutionException e) {
      throw new IOException("Kafka did not create the topics: " + e.getCause().getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while creating topics", e);
    }
  }

  private String prices() {
    return name + ".prices";
  }

  private void produce() throws IOException {
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
      Producing output = new Producing(producer, failure);
      sales.generate(output);
      output.moveTimeOn();
    }
    if (failure.get() != null) {
      throw new IOException("Kafka did not take the sales: " + failure.get().getMessage());
    }
  }

  /** Sends what comes in. */
  private final class Producing implements Sales.Output {
    private final KafkaProducer<byte[], byte[]> producer;
    private final AtomicReference<Exception> failure;
    private long latest;

    private Producing(KafkaProducer<byte[], byte[]> producer, AtomicReference<Exception> failure) {
      this.producer = producer;
      this.failure = failure;
    }

    @Override
    public void sale(long time, long product, long id, long customer, int quantity) {
      send(
          name,
          time,
          product,
          ByteBuffer.allocate(20).putLong(id).putLong(customer).putInt(quantity).array());
    }

    @Override
    public void price(long time, long product, long number, long cents) {
      send(prices(), time, product, ByteBuffer.allocate(16).putLong(number).putLong(cents).array());
    }

    private void send(String topic, long time, long product, byte[] value) {
      latest = Math.max(latest, time);
      byte[] key = ByteBuffer.allocate(8).putLong(product).array();
      // The callback is told of failures; what the future says too.
      Future<?> unused =
          producer.send(
              new ProducerRecord<>(topic, (int) (product % PARTITIONS), time, key, value),
              (metadata, error) -> failure.compareAndSet(null, error));
    }

    private void moveTimeOn() {
      long later = latest + A_MINUTE;
      for (int partition = 0; partition < PARTITIONS; partition++) {
        sale(later, partition, -1, 0, 0);
        price(later, partition, -1, 0);
      }
    }
  }

  @Override
  public Settings settings() {
    return Settings.none()
        .with("bootstrapServers", bootstrapServers)
        .with("sales", name)
        .with("prices", prices())
        .with("events", events);
  }

  @Override
  public String answer(String contest) {
    return sales.answer();
  }

  @Override
  public List<String> notes() {
    return List.of(
        String.format(
            Locale.ROOT,
            "%,d sales and %,d prices of %,d products, up to 1 s of disorder",
            events,
            sales.prices(),
            Sales.products(events)),
        String.format(
            Locale.ROOT,
            "in a topic of %d partitions each, lz4; the broker's CPU is not counted",
            PARTITIONS));
  }

  @Override
  public void close() {
    broker.close();
  }
}
