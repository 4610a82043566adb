package io.millrace.pipelines.options;

import org.apache.beam.sdk.options.Default;
import org.apache.beam.sdk.options.Description;
import org.apache.beam.sdk.options.PipelineOptions;
import org.checkerframework.checker.nullness.qual.Nullable;

/** The files that are read where nothing is read from Kafka. */
@Description("Source")
public interface FileInputOptions extends PipelineOptions {
  @Description(
      "Files of one change or event a line (JSONL), plain or compressed, or of Avro (.avro): names and"
          + " globs, separated by commas. Either this or Kafka.")
  @ValueName("FILES")
  @Nullable String getInput();

  void setInput(@Nullable String files);

  @Description(
      "How long a line of a file may be, in bytes; a longer one stops the run, since a file that is"
          + " not lines should not end as one dead letter.")
  @Range(from = 1, to = 512 << 20)
  @Default.Integer(16 << 20)
  int getMaxLineBytes();

  void setMaxLineBytes(int bytes);
}
