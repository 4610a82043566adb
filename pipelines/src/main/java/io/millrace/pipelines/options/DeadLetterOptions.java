package io.millrace.pipelines.options;

import org.apache.beam.sdk.options.Default;
import org.apache.beam.sdk.options.Description;
import org.apache.beam.sdk.options.PipelineOptions;

/** What becomes of records that cannot go on. */
@Description("Dead letters")
public interface DeadLetterOptions extends PipelineOptions {
  @Description(
      "The directory for records that could not be parsed or written, with the reason. They hold"
          + " whatever personal data the records hold.")
  @ValueName("DIR")
  @Default.String("dead-letters")
  String getDeadLetters();

  void setDeadLetters(String directory);
}
