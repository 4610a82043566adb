package io.millrace.pipelines.options;

import org.apache.beam.sdk.options.Description;
import org.apache.beam.sdk.options.PipelineOptions;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Where rows that were computed go beside the warehouse. */
@Description("Results")
public interface ResultOptions extends PipelineOptions {
  @Description(
      "A topic that the rows are written to as well, as changes, keyed as the rows are, at least"
          + " once. {table} in it stands for the table's name; needed where there are several"
          + " tables.")
  @ValueName("TOPIC")
  @Nullable String getResultsTopic();

  void setResultsTopic(@Nullable String topic);

  @Description("The brokers of --resultsTopic, where not --kafkaBootstrapServers.")
  @ValueName("HOST:PORT,...")
  @Nullable String getResultsBootstrapServers();

  void setResultsBootstrapServers(@Nullable String servers);

  @Description(
      "Properties of the Kafka client that writes --resultsTopic, where not --kafkaProperties."
          + " Like that it stays a file.")
  @ValueName("FILE")
  @Nullable String getResultsKafkaProperties();

  void setResultsKafkaProperties(@Nullable String file);
}
