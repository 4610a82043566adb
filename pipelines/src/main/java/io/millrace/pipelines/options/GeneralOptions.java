package io.millrace.pipelines.options;

import org.apache.beam.sdk.options.Default;
import org.apache.beam.sdk.options.Description;
import org.apache.beam.sdk.options.PipelineOptions;

/** What every command takes. */
@Description("General")
public interface GeneralOptions extends PipelineOptions {
  @Description("Show whole errors, and what Beam and the runner log.")
  boolean getVerbose();

  void setVerbose(boolean verbose);

  @Description("Seconds between two lines of progress on standard error; 0: none.")
  @Range(from = 0)
  @Default.Integer(10)
  int getProgressSeconds();

  void setProgressSeconds(int seconds);
}
