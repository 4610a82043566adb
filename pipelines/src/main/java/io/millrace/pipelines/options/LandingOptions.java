package io.millrace.pipelines.options;

import io.millrace.transforms.landing.WriteLanding;
import org.apache.beam.sdk.options.Default;
import org.apache.beam.sdk.options.Description;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.Validation;
import org.checkerframework.checker.nullness.qual.Nullable;

/** The directory that keeps topics as they were received, and how its files are made. */
@Description("Landing")
public interface LandingOptions extends PipelineOptions {
  @Description("The directory of the landing: local or mounted. It is made when it is needed.")
  @ValueName("DIR")
  @Validation.Required
  String getLanding();

  void setLanding(String directory);

  @Description(
      "How many offsets make a block: a file ends with its block, if not before. Decided when a"
          + " landing is begun, for its life; 100000 by default.")
  @Range(from = 1)
  @Nullable Integer getLandingBlockOffsets();

  void setLandingBlockOffsets(@Nullable Integer offsets);

  @Description(
      "How many megabytes of records of a partition are written at once, at most. Each partition"
          + " needs memory for so much.")
  @Range(from = 1, to = 1024)
  @Default.Integer(WriteLanding.DEFAULT_FILE_MEGABYTES)
  int getLandingFileMegabytes();

  void setLandingFileMegabytes(int megabytes);

  @Description("How many seconds a record waits for its file, at most.")
  @Range(from = 1)
  @Default.Integer(WriteLanding.DEFAULT_MAX_AGE_SECONDS)
  int getLandingMaxAgeSeconds();

  void setLandingMaxAgeSeconds(int seconds);
}
