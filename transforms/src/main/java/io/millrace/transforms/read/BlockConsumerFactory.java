package io.millrace.transforms.read;

import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.transforms.SerializableFunction;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.serialization.ByteBufferDeserializer;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Makes the consumers that KafkaIO reads with, where it reads. The properties in the client's file
 * are read only then: KafkaIO would show them, passwords included, to whoever sees the job.
 */
final class BlockConsumerFactory
    implements SerializableFunction<Map<String, Object>, Consumer<byte[], byte[]>> {
  private static final long serialVersionUID = 1L;

  /** What the file may change. */
  private static final Map<String, Object> DEFAULTS =
      Map.of(
          // Else changes of transactions that were rolled back would be read.
          ConsumerConfig.ISOLATION_LEVEL_CONFIG,
          "read_committed",
          ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG,
          "false",
          // Else a poll fills only few blocks.
          ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
          "5000");

  /** What the file may not change; the client's group, for instance, or that there is none. */
  private static final List<String> DECIDED =
      List.of(
          ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
          ConsumerConfig.GROUP_ID_CONFIG,
          ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
          ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG);

  private final TopicSelection topics;
  private final Start start;
  private final HashMap<String, Map<Integer, Long>> latestStart;
  private final @Nullable EventTimes eventTimes;
  private final boolean headers;

  /** Null in checkpoints from before there was a choice. */
  private final @Nullable String remedy;

  private final @Nullable String propertiesFile;

  BlockConsumerFactory(
      TopicSelection topics,
      Start start,
      Map<String, Map<Integer, Long>> latestStart,
      @Nullable EventTimes eventTimes,
      boolean headers,
      String remedy,
      @Nullable String propertiesFile) {
    this.topics = topics;
    this.start = start;
    this.latestStart = new HashMap<>(latestStart);
    this.eventTimes = eventTimes;
    this.headers = headers;
    this.remedy = remedy;
    this.propertiesFile = propertiesFile;
  }

  @Override
  public BlockConsumer apply(Map<String, Object> config) {
    Clock clock = Clock.systemUTC();
    BlockPacker packer =
        new BlockPacker(
            eventTimes == null ? BlockPacker.RECORD_TIMES : eventTimes.open(clock), clock, headers);
    return new BlockConsumer(
        merge(config),
        topics,
        start,
        latestStart,
        packer,
        remedy == null ? ReadTopics.NEW_SNAPSHOT : remedy);
  }

  private Map<String, Object> merge(Map<String, Object> config) {
    Map<String, Object> merged = new HashMap<>(DEFAULTS);
    merged.putAll(config);
    if (propertiesFile != null) {
      merged.putAll(ClientProperties.load(propertiesFile));
    }
    merged.keySet().removeAll(DECIDED);
    for (Map.Entry<String, Object> property : config.entrySet()) {
      // KafkaIO looks for the partitions' ends with another isolation than it reads with.
      if (DECIDED.contains(property.getKey())
          || property.getKey().equals(ConsumerConfig.ISOLATION_LEVEL_CONFIG)) {
        merged.put(property.getKey(), property.getValue());
      }
    }
    merged.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteBufferDeserializer.class);
    merged.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteBufferDeserializer.class);
    return merged;
  }
}
