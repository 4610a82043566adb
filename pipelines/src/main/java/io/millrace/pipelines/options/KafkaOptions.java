package io.millrace.pipelines.options;

import org.apache.beam.sdk.options.Default;
import org.apache.beam.sdk.options.Description;
import org.apache.beam.sdk.options.PipelineOptions;
import org.checkerframework.checker.nullness.qual.Nullable;

/** The topics that changes are read from where they are not in files. */
@Description("Kafka")
public interface KafkaOptions extends PipelineOptions {
  @Description("The brokers to start from. Either this or --input.")
  @ValueName("HOST:PORT,...")
  @Nullable String getKafkaBootstrapServers();

  void setKafkaBootstrapServers(@Nullable String servers);

  @Description("The topics, separated by commas. Either this or --kafkaTopicPattern.")
  @ValueName("TOPIC,...")
  @Nullable String getKafkaTopics();

  void setKafkaTopics(@Nullable String topics);

  @Description("A regular expression that the whole names of the topics match.")
  @ValueName("REGEX")
  @Nullable String getKafkaTopicPattern();

  void setKafkaTopicPattern(@Nullable String pattern);

  @Description(
      "Properties of the Kafka client, such as those of TLS and SASL. It stays a file: what is in"
          + " it is never shown or logged.")
  @ValueName("FILE")
  @Nullable String getKafkaProperties();

  void setKafkaProperties(@Nullable String file);

  @Description(
      "Where to begin where neither a checkpoint nor the group says so: at the oldest record, the"
          + " newest, a time in ISO-8601 such as 2026-05-01T00:00:00Z, or offsets such as"
          + " orders/0=1200,orders/1=1187.")
  @ValueName("earliest|latest|TIME|OFFSETS")
  @Default.String("earliest")
  String getKafkaStart();

  void setKafkaStart(String start);

  @Description(
      "The consumer group to commit offsets to with each checkpoint, and whose offsets a new job"
          + " goes on from; none by default: a new job begins at --kafkaStart.")
  @ValueName("GROUP")
  @Nullable String getKafkaGroup();

  void setKafkaGroup(@Nullable String group);
}
