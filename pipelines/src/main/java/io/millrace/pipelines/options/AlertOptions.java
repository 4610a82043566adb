package io.millrace.pipelines.options;

import org.apache.beam.sdk.options.Description;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.Validation;
import org.checkerframework.checker.nullness.qual.Nullable;

/** What is looked for in events, and where alerts go beside the warehouse. */
@Description("Alerts")
public interface AlertOptions extends PipelineOptions {
  @Description("The rules (YAML): what of which events makes an alert.")
  @ValueName("FILE")
  @Validation.Required
  String getRules();

  void setRules(String file);

  @Description("A topic that alerts are written to as well, keyed by their ids, at least once.")
  @ValueName("TOPIC")
  @Nullable String getAlertsTopic();

  void setAlertsTopic(@Nullable String topic);

  @Description("The brokers of --alertsTopic, where not --kafkaBootstrapServers.")
  @ValueName("HOST:PORT,...")
  @Nullable String getAlertsBootstrapServers();

  void setAlertsBootstrapServers(@Nullable String servers);

  @Description(
      "Properties of the Kafka client that writes --alertsTopic, where not --kafkaProperties."
          + " Like that it stays a file.")
  @ValueName("FILE")
  @Nullable String getAlertsKafkaProperties();

  void setAlertsKafkaProperties(@Nullable String file);
}
