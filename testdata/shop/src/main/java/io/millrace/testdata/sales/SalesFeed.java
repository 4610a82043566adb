package io.millrace.testdata.sales;

import io.millrace.testdata.ServiceException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.StringSerializer;

/** Sends the shop's business events to their topics as time goes by, and remembers them. */
public final class SalesFeed implements AutoCloseable {
  private static final Duration TICK = Duration.ofMillis(100);

  private final KafkaProducer<String, String> producer;
  private final double perSecond;
  private final List<SaleEvent> sent = new ArrayList<>();
  private final List<Future<RecordMetadata>> answers = new ArrayList<>();
  private final CountDownLatch stopped = new CountDownLatch(1);
  private long seed;

  /**
   * A feed of a broker; it takes no connection before it runs.
   *
   * @param perSecond how many happen in a second
   */
  public SalesFeed(String bootstrapServers, long seed, double perSecond) {
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

  /** The topics that it writes. */
  public static List<String> topics() {
    return Arrays.stream(SaleEvent.Kind.values()).map(SaleEvent.Kind::topic).toList();
  }

  /**
   * Sends the events of so much time from now on; then those at once that were to come later.
   *
   * @throws ServiceException if Kafka does not take them
   */
  public void run(Duration time) {
    long begin = System.currentTimeMillis();
    long end = begin + time.toMillis();
    // Each opening tells of other events.
    SaleEvents events = SaleEvents.of(seed++, begin, perSecond);
    long now = begin;
    while (now < end && !isStopped()) {
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

  private boolean isStopped() {
    try {
      return stopped.await(TICK.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
  }

  /** Ends a run soon. For any thread. */
  public void stop() {
    stopped.countDown();
  }

  /** All that was sent, in that order; not while it runs. */
  public List<SaleEvent> sent() {
    return List.copyOf(sent);
  }

  /** Waits up to five seconds for what is still under way. */
  @Override
  public void close() {
    stop();
    producer.close(Duration.ofSeconds(5));
  }
}
