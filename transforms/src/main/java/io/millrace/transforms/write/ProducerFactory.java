package io.millrace.transforms.write;

import io.millrace.transforms.read.ClientProperties;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.transforms.SerializableFunction;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Makes the producers that KafkaIO writes with, where it writes. The properties in the client's
 * file are read only then: KafkaIO would show them, passwords included, to whoever sees the job.
 */
final class ProducerFactory
    implements SerializableFunction<Map<String, Object>, Producer<byte[], byte[]>> {
  private static final long serialVersionUID = 1L;

  /** What the file may not change. */
  private static final List<String> DECIDED =
      List.of(
          ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
          ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG,
          ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG,
          ProducerConfig.TRANSACTIONAL_ID_CONFIG);

  private final @Nullable String propertiesFile;

  ProducerFactory(@Nullable String propertiesFile) {
    this.propertiesFile = propertiesFile;
  }

  @Override
  public Producer<byte[], byte[]> apply(Map<String, Object> config) {
    return new KafkaProducer<>(merge(config));
  }

  /** KafkaIO gives up after three retries; the client's own limit is a time, two minutes. */
  Map<String, Object> merge(Map<String, Object> config) {
    Map<String, Object> merged = new HashMap<>();
    if (propertiesFile != null) {
      merged.putAll(ClientProperties.load(propertiesFile));
    }
    for (String property : DECIDED) {
      merged.remove(property);
      if (config.containsKey(property)) {
        merged.put(property, config.get(property));
      }
    }
    return merged;
  }
}
