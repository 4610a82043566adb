package io.millrace.pipelines.compact;

import io.millrace.pipelines.options.ValueName;
import org.apache.beam.sdk.options.Description;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.Validation;

/** What is compacted, and where to. */
@Description("Log compaction")
public interface CompactionOptions extends PipelineOptions {
  @Description(
      "The landing that is compacted, as archive --landing=DIR wrote it. Of several, separated by"
          + " commas, the first that has an offset is read, so that one that was compacted before may"
          + " stand before the whole one.")
  @ValueName("DIR,...")
  @Validation.Required
  String getFromLanding();

  void setFromLanding(String directories);

  @Description(
      "The directory that the compacted landing is written to: a new one, local or mounted.")
  @ValueName("DIR")
  @Validation.Required
  String getCompacted();

  void setCompacted(String directory);
}
