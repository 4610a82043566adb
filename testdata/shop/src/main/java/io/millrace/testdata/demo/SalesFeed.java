package io.millrace.testdata.demo;

import io.millrace.testdata.ServiceException;
import io.millrace.testdata.sales.SaleEvent;
import io.millrace.testdata.sales.SaleEvents;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.StringSerializer;

/** Sends the shop's business events while it is open, and remembers them. */
final class SalesFeed implements AutoCloseable {
  private static final Duration TICK = Duration.ofMillis(100);

  private final KafkaProducer<String, String> producer;
  private final double perSecond;
  private final List<SaleEvent> sent = new ArrayList<>();
  private final List<Future<RecordMetadata>> answers = new ArrayList<>();
  private long seed;

  /**
   * @param perSecond how many happen in a second
   */
  SalesFeed(String bootstrapServers, long seed, double perSecond) {
    this.seed = seed;
    this.perSecond = perSecond;
    this.producer =
        new KafkaProducer<>(
            Map.of(
                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers,
                ProducerConfig.ACKS_CONFIG, "all",
                ProducerConfig.CLIENT_ID_CONFIG, "sales"),
            new StringSerializer(),
            new StringSerializer());
  }

  /**
   * Sends the events of so much time from now on; then those at once that were to come later.
   *
   * @throws ServiceException if Kafka does not take them
   */
  void run(Duration time) {
    long begin = System.currentTimeMillis();
    long end = begin + time.toMillis();
    // Each opening tells of other events.
    SaleEvents events = SaleEvents.of(seed++, begin, perSecond);
    long now = begin;
    while (now < end) {
      Waiting.pass(TICK);
      now = Math.min(end, System.currentTimeMillis());
      send(events.until(now));
    }
    send(events.rest());
    producer.flush();
    for (Future<RecordMetadata> answer : answers) {
      await(answer);
    }
    answers.clear();
  }

  private void send(List<SaleEvent> events) {
    for (SaleEvent event : events) {
      sent.add(event);
      answers.add(
          producer.send(new ProducerRecord<>(event.kind().topic(), event.key(), event.json())));
    }
  }

  private static void await(Future<RecordMetadata> answer) {
    try {
      answer.get();
    } catch (ExecutionException e) {
      throw new ServiceException("Kafka refused an event: " + e.getCause(), e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ServiceException("interrupted while sending events", e);
    }
  }

  /** All that was sent, in that order; not while it runs. */
  List<SaleEvent> sent() {
    return List.copyOf(sent);
  }

  @Override
  public void close() {
    producer.close(Duration.ofSeconds(5));
  }
}
