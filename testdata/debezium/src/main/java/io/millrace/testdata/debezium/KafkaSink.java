package io.millrace.testdata.debezium;

import io.debezium.engine.ChangeEvent;
import io.debezium.engine.DebeziumEngine;
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

/**
 * Sends each batch of events to Kafka, each to the topic Debezium names, and marks the batch as
 * processed once every broker acknowledgement is there: at least once, in order for each partition.
 */
final class KafkaSink implements DebeziumEngine.ChangeConsumer<ChangeEvent<String, String>> {
  private final KafkaProducer<String, String> producer;

  KafkaSink(String bootstrapServers) {
    producer =
        new KafkaProducer<>(
            Map.of(
                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers,
                ProducerConfig.ACKS_CONFIG, "all",
                ProducerConfig.LINGER_MS_CONFIG, "5",
                ProducerConfig.MAX_REQUEST_SIZE_CONFIG, "10485760",
                ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, "60000"),
            new StringSerializer(),
            new StringSerializer());
  }

  @Override
  public void handleBatch(
      List<ChangeEvent<String, String>> events,
      DebeziumEngine.RecordCommitter<ChangeEvent<String, String>> committer)
      throws InterruptedException {
    List<Future<RecordMetadata>> sent = new ArrayList<>(events.size());
    for (ChangeEvent<String, String> event : events) {
      sent.add(
          producer.send(new ProducerRecord<>(event.destination(), event.key(), event.value())));
    }
    producer.flush();
    for (int i = 0; i < sent.size(); i++) {
      await(sent.get(i));
      committer.markProcessed(events.get(i));
    }
    committer.markBatchFinished();
  }

  private static void await(Future<RecordMetadata> sent) throws InterruptedException {
    try {
      sent.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("Kafka refused an event: " + e.getCause(), e.getCause());
    }
  }

  /** Waits up to five seconds for what is still under way. */
  void close() {
    producer.close(Duration.ofSeconds(5));
  }
}
