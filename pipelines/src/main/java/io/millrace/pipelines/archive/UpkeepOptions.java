package io.millrace.pipelines.archive;

import io.millrace.pipelines.options.Range;
import io.millrace.transforms.landing.LandingUpkeep;
import org.apache.beam.sdk.options.Default;
import org.apache.beam.sdk.options.Description;
import org.apache.beam.sdk.options.PipelineOptions;
import org.checkerframework.checker.nullness.qual.Nullable;

/** What is done to a landing instead of writing to it. Needs no Kafka. */
@Description("Upkeep of the landing")
public interface UpkeepOptions extends PipelineOptions {
  /** What of a landing is shown. */
  enum Show {
    /** Files, records and offsets of each partition. */
    SUMMARY,
    /** The names of the files that count. */
    FILES,
    /** Views for DuckDB. */
    VIEWS
  }

  @Description(
      "Read all of the landing and say what is wrong with it: gaps, overlaps, files that are missing"
          + " or damaged. The exit code is 1 if anything is.")
  boolean getVerify();

  void setVerify(boolean verify);

  @Description("Make one file of ten, a hundred and so on that lie side by side.")
  boolean getCompact();

  void setCompact(boolean compact);

  @Description("How many megabytes a file has after --compact, at most.")
  @Range(from = 1, to = 65_536)
  @Default.Integer(LandingUpkeep.DEFAULT_TARGET_MEGABYTES)
  int getCompactedFileMegabytes();

  void setCompactedFileMegabytes(int megabytes);

  @Description(
      "Take away whole files from the beginning of each partition whose records all have timestamps"
          + " older than so many days.")
  @Range(from = 1, to = 100_000)
  @Nullable Integer getRetentionDays();

  void setRetentionDays(@Nullable Integer days);

  @Description(
      "Delete files that have not counted for a day. A run that lands records does so when it starts,"
          + " too.")
  boolean getClean();

  void setClean(boolean clean);

  @Description(
      "Print a summary of each partition, the files that count, or SQL that makes views in DuckDB.")
  @Nullable Show getShow();

  void setShow(@Nullable Show show);
}
