package io.millrace.pipelines.options;

import org.apache.beam.sdk.options.Description;
import org.apache.beam.sdk.options.PipelineOptions;
import org.checkerframework.checker.nullness.qual.Nullable;

/** The lake that events are read from where they are neither in files nor in Kafka. */
@Description("Lake")
public interface LakeInputOptions extends PipelineOptions {
  @Description(
      "A lake whose events are read, as replicate --format=events --lake=DIR wrote them. Either this"
          + " or --input or Kafka.")
  @ValueName("DIR")
  @Nullable String getFromLake();

  void setFromLake(@Nullable String directory);
}
