package io.millrace.runners.flink;

import io.millrace.testdata.ChildProcess;
import io.millrace.testdata.LocalKafka;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** A topic of generated events, and a program that reads it. */
final class Bank {
  static final String TOPIC = "bank";

  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(20);

  /** Sends lines to the topic; they are there when this returns. */
  static void produce(LocalKafka kafka, List<String> lines) {
    Map<String, Object> settings =
        Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, kafka.bootstrapServers());
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
      for (String line : lines) {
        byte[] value = line.getBytes(StandardCharsets.UTF_8);
        var unused = producer.send(new ProducerRecord<>(TOPIC, value));
      }
    }
  }

  /** Looks again and again; the child's end is the clock, so that its failure is seen at once. */
  static void await(ChildProcess child, Duration limit, Callable<Boolean> condition)
      throws Exception {
    long deadline = System.nanoTime() + limit.toNanos();
    while (!condition.call()) {
      if (child.waitFor(BETWEEN_LOOKS)) {
        throw new AssertionError("it ended with " + child.exitCode() + child.logEnd());
      }
      if (System.nanoTime() > deadline) {
        child.kill();
        throw new AssertionError("not in " + limit.toSeconds() + " s" + child.logEnd());
      }
    }
  }

  private Bank() {}
}
