package io.millrace.pipelines.options;

import org.apache.beam.sdk.options.Default;
import org.apache.beam.sdk.options.Description;
import org.apache.beam.sdk.options.PipelineOptions;
import org.checkerframework.checker.nullness.qual.Nullable;

/** How views are kept. */
@Description("Views")
public interface ViewOptions extends PipelineOptions {
  @Description(
      "Over how many buckets rows are spread that have the same value in a column that is joined,"
          + " for values that very many rows have; what they are joined with is kept in each. Part of"
          + " a job's state: keep it for the job's life.")
  @Range(from = 1, to = 32_768)
  @Default.Integer(1)
  int getHotKeyFanout();

  void setHotKeyFanout(int fanout);

  @Description(
      "The number of this build of the views: what a higher one writes counts as newer, and what it"
          + " does not write is gone when it has read all there was as it began. One more than the"
          + " warehouse has seen, unless given.")
  @Range(from = 1)
  @Nullable Integer getBuild();

  void setBuild(@Nullable Integer build);
}
